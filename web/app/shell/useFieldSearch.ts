/** Fields by a few characters, found by the server as one types: their number has no bound. */

import { onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import type { Found } from "../../shared/api/types";
import { isAborted } from "../../shared/api/errors";
import { api, GivenUp } from "../session/session";

const PAUSE = 120; // ms without a key before the server is asked

export function useFieldSearch(query: Ref<string>, allowed: () => boolean): { found: Ref<Found[]>; searching: Ref<boolean>; failure: Ref<unknown> } {
  const found = shallowRef<Found[]>([]);
  const searching = ref(false);
  const failure = shallowRef<unknown>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;

  watch(query, (text) => {
    clearTimeout(timer);
    asking?.abort();
    const words = text.trim();
    searching.value = words !== "" && allowed();
    if (!words) found.value = [];
    if (searching.value) timer = setTimeout(() => void ask(words), PAUSE);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    asking?.abort();
  });

  async function ask(q: string) {
    const mine = (asking = new AbortController());
    try {
      found.value = (await api.get<{ items: Found[] }>("/search", { query: { q, limit: 50 }, signal: mine.signal })).items;
      failure.value = null;
    } catch (error) {
      if (isAborted(error) || error instanceof GivenUp) return;
      failure.value = error;
      found.value = [];
    }
    searching.value = false;
  }

  return { found, searching, failure };
}
