/**
 * The end of a login that nobody works with: told a minute before, so that one can go on. The server knows how long
 * it lasts, as pages in other tabs keep it alive, too; it is asked when the warning would be due.
 */

import { onScopeDispose, type Ref, ref } from "vue";

export const WARN = 60; // seconds before the end
const AGAIN = 5; // seconds after which to ask again while the warning stands

export interface IdleWays {
  /** Seconds that the login lasts if nobody does anything; null where it has no such end. Asks for a new login first if it ended. */
  left(): Promise<number | null>;
  /** Do something, so that it lasts. */
  use(): Promise<unknown>;
}

export interface IdleWatch {
  /** Seconds left while the warning stands, else null. */
  warning: Ref<number | null>;
  goOn(): Promise<void>;
  /** Ask now, as after the machine slept. */
  look(): Promise<void>;
  stop(): void;
}

export function watchIdle(ways: IdleWays): IdleWatch {
  const warning = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ticking: ReturnType<typeof setInterval> | undefined;
  let declined = false; // going on did not help: the login ends whatever one does
  let stopped = false;

  async function look() {
    clearTimeout(timer);
    const left = await ways.left().catch(() => undefined); // no answer: the banner tells about the connection
    if (stopped || left === null) return;
    if (left === undefined) return plan(30);
    if (left > WARN) declined = false;
    show(left <= WARN && !declined ? left : null);
    plan(left > WARN ? left - WARN : Math.min(AGAIN, left)); // at the end that asks for a new login
  }

  function plan(seconds: number) {
    timer = setTimeout(() => void look(), (seconds + 0.5) * 1000);
  }

  function show(left: number | null) {
    warning.value = left;
    clearInterval(ticking);
    if (left !== null) ticking = setInterval(() => (warning.value = Math.max(0, (warning.value ?? 0) - 1)), 1000);
  }

  async function goOn() {
    declined = true;
    show(null);
    await ways.use();
    await look();
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    clearInterval(ticking);
  }

  onScopeDispose(stop, true);
  void look();
  return { warning, goOn, look, stop };
}
