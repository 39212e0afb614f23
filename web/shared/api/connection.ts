/** Whether the server can be reached; one probe for all requests that wait for it. */

const FIRST_WAIT = 1_000; // ms; doubles after each failed probe
const LONGEST_WAIT = 15_000;

export type Listener = (lost: boolean) => void;

export class Connection {
  private waiting: Promise<void> | null = null;
  private retryNow: (() => void) | null = null;

  /**
   * @param probe resolves when the server answers, rejects when it does not.
   * @param listener is told when the connection is lost and when it is back.
   */
  constructor(
    private readonly probe: () => Promise<unknown>,
    private readonly listener: Listener,
  ) {}

  /** Call when a request got no answer. Resolves when the server answers again. */
  lost(): Promise<void> {
    this.waiting ??= this.probeUntilBack();
    return this.waiting;
  }

  /** Probe at once instead of at the end of the wait. */
  hurry(): void {
    this.retryNow?.();
  }

  private async probeUntilBack(): Promise<void> {
    this.listener(true);
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      await this.pause(wait);
      if (await this.answers()) break;
    }
    this.waiting = null;
    this.listener(false);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.retryNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async answers(): Promise<boolean> {
    try {
      await this.probe();
      return true;
    } catch {
      return false; // that is the answer to the question
    }
  }
}
