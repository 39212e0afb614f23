/** Sending the files of a list, some at a time; what arrived is not sent again when the rest is tried anew. */

import { computed, onScopeDispose, reactive, shallowRef } from "vue";

import { type Picked, totalSize } from "./picked";
import { sendFile } from "./sendFile";

const AT_ONCE = 3;

export function useSending() {
  const stored = new WeakMap<File, number>();
  const state = reactive({ busy: false, files: 0, done: 0, bytes: 0, total: 0 });
  const stop = shallowRef<AbortController | null>(null);
  onScopeDispose(() => stop.value?.abort());

  /** The numbers of the stored files, in the order of `picked`. Rejects with the first failure. */
  async function send(picked: readonly Picked[]): Promise<number[]> {
    const mine = (stop.value = new AbortController());
    const sent = new Map<File, number>();
    const note = (file: File, bytes: number) => {
      sent.set(file, bytes);
      state.bytes = [...sent.values()].reduce((sum, each) => sum + each, 0);
    };
    Object.assign(state, { busy: true, files: picked.length, done: 0, bytes: 0, total: totalSize(picked) });
    const waiting = [...picked];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { file, name } = next;
        if (!stored.has(file)) stored.set(file, (await sendFile(file, name, mine.signal, (bytes) => note(file, bytes))).id);
        note(file, file.size);
        state.done += 1;
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return picked.map(({ file }) => stored.get(file) ?? 0);
    } finally {
      mine.abort(); // after a failure the others need not go on
      state.busy = false;
    }
  }

  const share = computed(() => (state.total ? Math.min(1, state.bytes / state.total) : 0));
  return { state, share, send, stop: () => stop.value?.abort() };
}
