/** What a method does to samples, asked of the server while one types; an older answer never replaces a newer one. */

import { useDebounceFn } from "@vueuse/core";
import { onScopeDispose, ref, shallowRef, watch } from "vue";

import { isAborted } from "../../../shared/api/errors";
import type { MaskingPreview, ParameterValue } from "../../../shared/api/types";
import { GivenUp } from "../../session/session";
import { previewOf } from "./types";

const PAUSE = 200; // ms after the last key

export function usePreview(source: () => { method: string; parameters: Record<string, ParameterValue> }, ask = previewOf) {
  const samples = ref<string[]>([]); // none: the server invents some
  const answer = shallowRef<MaskingPreview>({ items: [], problems: [] });
  const failure = shallowRef<unknown>(null);
  let running = new AbortController();
  onScopeDispose(() => running.abort());

  async function load() {
    running.abort();
    const mine = (running = new AbortController());
    const { method, parameters } = source();
    try {
      const found = await ask(method, parameters, samples.value, mine.signal);
      if (mine.signal.aborted) return;
      answer.value = found;
      failure.value = null;
    } catch (error) {
      if (mine.signal.aborted || isAborted(error) || error instanceof GivenUp) return;
      failure.value = error;
    }
  }

  const soon = useDebounceFn(load, PAUSE);
  watch(() => JSON.stringify(source()), () => void soon());
  watch(() => source().method, () => (samples.value = []));
  void load();

  /** Types `value` into a line; the invented ones then are samples like any other. */
  function type(index: number, value: string) {
    const lines = samples.value.length > 0 ? [...samples.value] : answer.value.items.map(({ before }) => before);
    lines[index] = value;
    samples.value = lines;
    void soon();
  }

  function invent() {
    samples.value = [];
    void load();
  }

  return { samples, answer, failure, type, invent, reload: load };
}
