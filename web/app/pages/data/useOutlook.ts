/** What rules say to the values of a form while they are typed: asked for when someone pauses, the latest counts. */

import { onScopeDispose, ref, type Ref, shallowRef } from "vue";

import type { Outlook } from "../../../shared/api/types";
import { isAborted } from "../../../shared/api/errors";

const PAUSE = 400; // ms

export interface Looking {
  outlook: Ref<Outlook | null>;
  /** Ask once nothing was typed for a moment. */
  soon(): void;
  /** Ask at once; null if that did not work out. */
  now(): Promise<Outlook | null>;
}

/** @param ask sends the values as they are then. A failure is not told: saving runs the same rules and tells. */
export function useOutlook(ask: (signal: AbortSignal) => Promise<Outlook>): Looking {
  const outlook = shallowRef<Outlook | null>(null);
  const waiting = ref<ReturnType<typeof setTimeout>>();
  let running = new AbortController();
  onScopeDispose(() => {
    clearTimeout(waiting.value);
    running.abort();
  });

  async function now(): Promise<Outlook | null> {
    clearTimeout(waiting.value);
    running.abort();
    const mine = (running = new AbortController());
    try {
      const answer = await ask(mine.signal);
      if (mine.signal.aborted) return null;
      return (outlook.value = answer);
    } catch (error) {
      if (!isAborted(error)) console.warn("The form's values could not be checked.", error);
      return null;
    }
  }

  function soon(): void {
    clearTimeout(waiting.value);
    waiting.value = setTimeout(() => void now(), PAUSE);
  }

  return { outlook, soon, now };
}
