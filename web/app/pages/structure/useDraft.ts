/** A database's draft as the page sees it: the document with what was just typed, its problems, undo, saving. */

import { computed, type ComputedRef, inject, type InjectionKey, onScopeDispose, reactive, type Ref, ref, shallowRef, type ShallowRef } from "vue";

import { path } from "../../../shared/api/client";
import { ApiError, isAborted } from "../../../shared/api/errors";
import type { DatabaseDocument, Draft, Edit, EditedDraft } from "../../../shared/api/types";
import { api, GivenUp } from "../../session/session";
import { History } from "./model/history";
import { type PlacedProblem, placeProblems } from "./model/problems";
import { type Act, DraftQueue, type Left, type Place, type Transport } from "./model/queue";
import { Misfit } from "./model/reasons";
import { labelText } from "../../language";

export interface Refusal {
  typed: string | undefined;
  reason: string;
}

/** Someone else changed the draft while we did. */
export interface Overtaken {
  by: string;
  at: string | null;
  left: Left[];
}

export interface ActOptions {
  place?: Place;
  /** Acts one after another under the same key are one step for undo. */
  key?: string;
}

export interface DraftEditor {
  code: string;
  state: Ref<"loading" | "ready" | "error" | "denied">;
  error: ShallowRef<unknown>;
  draft: ShallowRef<Draft | null>;
  document: ShallowRef<DatabaseDocument | null>;
  problems: ComputedRef<PlacedProblem[]>;
  unsaved: Ref<number>;
  sending: Ref<boolean>;
  /** Why saving stopped; null when it goes on by itself. */
  failure: ShallowRef<unknown>;
  /** What was refused, by place. */
  refusals: Map<string, Refusal>;
  overtaken: Ref<Overtaken | null>;
  canUndo: Ref<boolean>;
  canRedo: Ref<boolean>;
  act(edits: Edit[], options?: ActOptions): boolean;
  undo(): void;
  redo(): void;
  retry(): void;
  reload(): Promise<void>;
  /** False when nothing is left: the database was never published. */
  discard(): Promise<boolean>;
}

export const placeKey = ({ type, field = "", column = "" }: Place): string => `${type}.${field}.${column}`;

/** For a refusal that belongs to no cell. */
export const ANYWHERE = "..";

const KEY: InjectionKey<DraftEditor> = Symbol("draft");
export { KEY as draftKey };

/** The draft of the page that the component is on. */
export function useDraftEditor(): DraftEditor {
  const found = inject(KEY);
  if (!found) throw new Error("No draft is provided here.");
  return found;
}

function transportOf(code: string, signal: AbortSignal): Transport {
  const base = path`/databases/${code}/draft`;
  return {
    load: () => api.get<Draft>(base, { signal }),
    edit: (expected_version, edits) => api.post<EditedDraft>(`${base}/edits`, { expected_version, edits }, { query: { answer: "changes" } }),
    replace: (expected_version, document) => api.put<Draft>(base, { expected_version, document }),
  };
}

export function useDraft(code: string): DraftEditor {
  const stopped = new AbortController();
  const transport = transportOf(code, stopped.signal);
  const history = new History();
  let queue: DraftQueue | null = null;

  const state = ref<"loading" | "ready" | "error" | "denied">("loading");
  const error = shallowRef<unknown>(null);
  const draft = shallowRef<Draft | null>(null);
  const document = shallowRef<DatabaseDocument | null>(null);
  const [unsaved, sending] = [ref(0), ref(false)];
  const failure = shallowRef<unknown>(null);
  const refusals = reactive(new Map<string, Refusal>());
  const overtaken = shallowRef<Overtaken | null>(null);
  const [canUndo, canRedo] = [ref(false), ref(false)];
  const problems = computed(() => (draft.value ? placeProblems(draft.value.document, draft.value.problems) : []));

  onScopeDispose(() => stopped.abort());

  function show() {
    if (!queue) return;
    draft.value = queue.base;
    document.value = queue.document;
    unsaved.value = queue.unsaved;
    sending.value = queue.sending;
    failure.value = queue.failure;
    [canUndo.value, canRedo.value] = [history.canUndo, history.canRedo];
  }

  function refuse(act: Act, reason: string) {
    history.forget(act);
    refusals.set(act.place ? placeKey(act.place) : ANYWHERE, { typed: act.place?.typed, reason });
  }

  const listener = {
    changed: show,
    refused: (act: Act, why: ApiError) => refuse(act, why.message),
    overtaken(theirs: Draft, left: Left[]) {
      history.forgetDocuments();
      for (const { act } of left) history.forget(act);
      overtaken.value = { by: theirs.by ?? "", at: theirs.at, left };
      show();
    },
  };

  function start(fresh: Draft) {
    history.clear();
    refusals.clear();
    overtaken.value = null;
    if (queue) queue.restart(fresh);
    else queue = new DraftQueue(transport, listener, fresh);
    state.value = "ready";
    show();
  }

  async function reload() {
    try {
      start(await transport.load());
    } catch (reason) {
      if (isAborted(reason) || reason instanceof GivenUp) return;
      error.value = reason;
      state.value = reason instanceof ApiError && reason.status === 403 ? "denied" : "error";
    }
  }

  async function discard(): Promise<boolean> {
    const version = queue?.base.version ?? 0;
    await api.delete(path`/databases/${code}/draft`, { query: { expected_version: version } });
    try {
      start(await transport.load());
      return true;
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === 404) return false;
      throw reason;
    }
  }

  function run(act: Act): boolean {
    try {
      queue?.push(act);
      show();
      return true;
    } catch (reason) {
      if (!(reason instanceof Misfit)) throw reason;
      refuse(act, labelText(reason.reason));
      return false;
    }
  }

  function act(edits: Edit[], { place, key }: ActOptions = {}): boolean {
    if (!queue || edits.length === 0) return false;
    if (place) refusals.delete(placeKey(place));
    const done: Act = place ? { edits, place } : { edits };
    const before = queue.document;
    if (!run(done)) return false;
    history.note(before, done, key);
    show();
    return true;
  }

  function step(next: Act | null) {
    if (next) run(next);
    show();
  }

  void reload();
  return {
    code, state, error, draft, document, problems, unsaved, sending, failure, refusals, overtaken, canUndo, canRedo, act,
    undo: () => step(history.undo()),
    redo: () => step(history.redo()),
    retry: () => (queue?.retry(), show()),
    reload,
    discard,
  };
}
