/** What the database of a typed code has now, asked a moment after the typing ends. */

import { onScopeDispose, type Ref, shallowRef, watch } from "vue";

import { path } from "../../../shared/api/client";
import { isAborted } from "../../../shared/api/errors";
import type { ImportTarget } from "../../../shared/api/types";
import { api } from "../../session/session";
import { codeFault } from "./proposal";

const PAUSE = 300; // ms

export function useTarget(code: Ref<string>, failed: (error: unknown) => void) {
  const target = shallowRef<ImportTarget | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  async function ask(wanted: string) {
    const mine = (asking = new AbortController());
    try {
      target.value = await api.get<ImportTarget>(path`/definitions/import-targets/${wanted}`, { signal: mine.signal });
    } catch (error) {
      if (!isAborted(error)) failed(error);
    }
  }

  function stop() {
    clearTimeout(timer);
    asking.abort();
  }

  watch(code, (wanted) => {
    stop();
    target.value = null;
    if (codeFault(wanted) === null) timer = setTimeout(() => void ask(wanted), PAUSE);
  }, { immediate: true });
  onScopeDispose(stop);
  return { target, reload: () => ask(code.value) };
}
