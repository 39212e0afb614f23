/** Loading something for a page: its four states, a reload, and an end to requests when the page is left. */

import { onScopeDispose, type Ref, ref, shallowRef } from "vue";

import { ApiError, isAborted } from "../../shared/api/errors";
import { GivenUp } from "../session/session";

export interface Loaded<T> {
  /** The last good answer; it stays in sight while a reload runs. */
  data: Ref<T | null>;
  error: Ref<unknown>;
  state: Ref<"loading" | "ready" | "error" | "denied">;
  reload(): Promise<void>;
}

/** Starts `load` at once. A newer reload ends an older one that still runs. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null) as Ref<T | null>;
  const error = shallowRef<unknown>(null);
  const state = ref<"loading" | "ready" | "error" | "denied">("loading");
  let running = new AbortController();
  onScopeDispose(() => running.abort());

  async function reload() {
    running.abort();
    const mine = (running = new AbortController());
    if (data.value === null) state.value = "loading";
    try {
      const answer = await load(mine.signal);
      if (mine.signal.aborted) return;
      data.value = answer;
      state.value = "ready";
    } catch (reason) {
      if (mine.signal.aborted || isAborted(reason) || reason instanceof GivenUp) return;
      error.value = reason;
      state.value = reason instanceof ApiError && reason.status === 403 ? "denied" : "error";
    }
  }

  void reload();
  return { data, error, state, reload };
}
