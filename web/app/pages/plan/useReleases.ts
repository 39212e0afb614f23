/** The releases of a database, newest first, page by page. */

import { onScopeDispose, ref, type Ref, shallowRef } from "vue";

import { ApiError, isAborted } from "../../../shared/api/errors";
import type { Release } from "../../../shared/api/types";
import { GivenUp } from "../../session/session";
import { releasesAfter } from "./plans";

export interface Releases {
  list: Ref<readonly Release[]>;
  state: Ref<"loading" | "ready" | "error" | "denied">;
  error: Ref<unknown>;
  /** Whether there are earlier ones than those in the list. */
  more: Ref<boolean>;
  reload(): Promise<void>;
  loadMore(): Promise<void>;
}

export function useReleases(code: () => string): Releases {
  const list = shallowRef<readonly Release[]>([]);
  const state = ref<Releases["state"]["value"]>("loading");
  const error = shallowRef<unknown>(null);
  const more = ref(false);
  let next: string | number | null = null;
  let running = new AbortController();
  onScopeDispose(() => running.abort());

  async function load(after: string | number | null) {
    running.abort();
    const mine = (running = new AbortController());
    try {
      const page = await releasesAfter(code(), after, mine.signal);
      list.value = after === null ? page.items : [...list.value, ...page.items];
      next = page.next;
      more.value = next !== null;
      state.value = "ready";
    } catch (reason) {
      if (isAborted(reason) || reason instanceof GivenUp) return;
      error.value = reason;
      state.value = reason instanceof ApiError && reason.status === 403 ? "denied" : "error";
    }
  }

  return {
    list, state, error, more,
    reload: () => {
      list.value = [];
      state.value = "loading";
      return load(null);
    },
    loadMore: () => load(next),
  };
}
