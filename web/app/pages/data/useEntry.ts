/** One record being filled in: what is typed, what changed, what the server says to it, and how it is saved. */

import { computed, type ComputedRef, type Ref, ref, shallowRef } from "vue";

import type { Field, RecordType, Saved, StoredRecord, ValueProblem } from "../../../shared/api/types";
import { type Answers, answersOf, changedCodes, changesOf, newRecordOf } from "./entry";
import { type Merge, mergeOf, merged, type Side } from "./merge";
import { addRecord, changeIn, changeRecord, getRecord, problemsIn } from "./records";

export interface Meeting extends Merge {
  /** The record as the other one left it. */
  theirs: StoredRecord;
  changes: { by: string; at: string; fields: string[] }[];
}

export interface Entry {
  answers: Ref<Answers>;
  changed: ComputedRef<string[]>;
  problems: Ref<ValueProblem[]>;
  /** Why the last attempt was refused, if not for what the problems say. */
  failure: Ref<unknown>;
  /** Someone else was faster: to be merged. */
  meeting: Ref<Meeting | null>;
  busy: Ref<boolean>;
  /** Whether the record was saved; nothing typed is lost if not. */
  save(): Promise<Saved | null>;
  /** Take over the other one's changes and the choices, then save. */
  mergeAndSave(chosen: Readonly<Record<string, Side>>): Promise<Saved | null>;
}

export interface Target {
  code: string;
  type: RecordType;
  fields: readonly Field[];
  /** The record as it was read; null for a new one, below `parent`. */
  record: StoredRecord | null;
  parent: number | null;
  event: Ref<string>;
}

export function useEntry({ code, type, fields, record, parent, event }: Target): Entry {
  const base = shallowRef(answersOf(fields, record));
  const answers = ref<Answers>(answersOf(fields, record));
  const version = ref(record?.version ?? 0);
  const problems = ref<ValueProblem[]>([]);
  const failure = shallowRef<unknown>(null);
  const meeting = shallowRef<Meeting | null>(null);
  const busy = ref(false);

  const send = () =>
    record
      ? changeRecord(code, type.code, record.id, version.value, changesOf(base.value, answers.value))
      : addRecord(code, type.code, { ...newRecordOf(answers.value), parent, event: event.value });

  async function save(): Promise<Saved | null> {
    busy.value = true;
    failure.value = null;
    problems.value = [];
    try {
      const saved = await send();
      accept(saved.record);
      return saved;
    } catch (error) {
      await refused(error);
      return null;
    } finally {
      busy.value = false;
    }
  }

  function accept(stored: StoredRecord) {
    base.value = answersOf(fields, stored);
    answers.value = answersOf(fields, stored);
    version.value = stored.version;
  }

  async function refused(error: unknown) {
    problems.value = problemsIn(error) ?? [];
    failure.value = error;
    const change = changeIn(error);
    if (change && record) await meet(record.id, change.changes).catch((reason: unknown) => (failure.value = reason));
  }

  async function meet(id: number, changes: Meeting["changes"]) {
    const theirs = await getRecord(code, type.code, id);
    const codes = changes.flatMap((change) => change.fields);
    meeting.value = { ...mergeOf(fields, base.value, answers.value, theirs, codes), theirs, changes };
    failure.value = null;
  }

  async function mergeAndSave(chosen: Readonly<Record<string, Side>>): Promise<Saved | null> {
    const met = meeting.value;
    if (!met) return null;
    answers.value = merged(answers.value, met, chosen);
    base.value = answersOf(fields, met.theirs);
    version.value = met.theirs.version;
    meeting.value = null;
    return save();
  }

  const changed = computed(() => changedCodes(base.value, answers.value));
  return { answers, changed, problems, failure, meeting, busy, save, mergeAndSave };
}
