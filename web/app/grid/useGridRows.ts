/** The rows of a grid as Vue sees them: pages that load themselves when their rows come into sight. */

import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import { ApiError, isAborted } from "../../shared/api/errors";
import { GivenUp } from "../session/session";
import { type FetchPage, KeysetPages } from "./keysetPages";

export interface GridRows<Row> {
  /** Rows known so far. */
  length: ComputedRef<number>;
  complete: ComputedRef<boolean>;
  state: ComputedRef<"loading" | "ready" | "error" | "denied">;
  error: Ref<unknown>;
  row(index: number): Row | undefined;
  want(first: number, last: number): void;
  /** Start anew, from the first row. */
  restart(): void;
  /** Ask again for what failed. */
  retry(): void;
}

/**
 * @param source gives the fetch of pages; when what it returns changes, the list starts anew.
 * @param total rows in all, where that is known: any of them can then be scrolled to.
 */
export function useGridRows<Row>(source: () => FetchPage<Row>, total: () => number | null | undefined): GridRows<Row> {
  const version = ref(0); // KeysetPages is plain: this tells Vue that it changed
  const error = shallowRef<unknown>(null);
  const touch = () => void (version.value += 1);
  const pages = shallowRef(startPages());
  let sight: [first: number, last: number] = [0, 0];

  function startPages() {
    const started = new KeysetPages<Row>(source(), touch);
    started.tell(total() ?? null);
    return started;
  }

  function want(first: number, last: number) {
    sight = [first, last];
    const asked = pages.value;
    asked.want(first, last).then(clearError, (reason: unknown) => {
      if (asked === pages.value && !isAborted(reason) && !(reason instanceof GivenUp)) error.value = reason;
    });
  }

  function clearError() {
    error.value = null;
  }

  function restart() {
    pages.value.stop();
    pages.value = startPages();
    clearError();
    touch();
    want(0, 0);
  }

  watch(source, restart);
  watch(total, (known) => pages.value.tell(known ?? null));
  onScopeDispose(() => pages.value.stop());
  want(0, 0);

  const read = <T>(get: (pages: KeysetPages<Row>) => T) => computed(() => (void version.value, get(pages.value)));
  const length = read((it) => it.length);
  const complete = read((it) => it.complete);
  const state = computed(() => {
    if (length.value > 0) return "ready";
    if (error.value) return error.value instanceof ApiError && error.value.status === 403 ? "denied" : "error";
    return complete.value ? "ready" : "loading";
  });

  return {
    length,
    complete,
    state,
    error,
    row: (index) => (void version.value, pages.value.row(index)),
    want,
    restart,
    retry: () => want(...sight),
  };
}
