/** One record being filled in: what is typed, what changed, what the server says to it, and how it is saved. */

import { computed, type ComputedRef, type Ref, ref, shallowRef } from "vue";

import type { Field, Saved, StoredRecord, ValueProblem } from "../../../shared/api/types";
import { type Answer, type Answers, answersOf, changedCodes, type Changes, changesOf, newRecordOf } from "./entry";
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
  /** The record that the answers change, as it was last read; null for a new one. */
  stored: Ref<StoredRecord | null>;
  /** Someone else was faster: to be merged. */
  meeting: Ref<Meeting | null>;
  busy: Ref<boolean>;
  /** Whether the record was saved; nothing typed is lost if not. */
  save(): Promise<Saved | null>;
  /** Take over the other one's changes and the choices, then save. */
  mergeAndSave(chosen: Readonly<Record<string, Side>>): Promise<Saved | null>;
  /** The answer to one field. */
  answer(code: string, answer: Answer): void;
  /** What would be sent now. */
  changes(): Changes;
  /** Other fields than before, after a release; what is typed into those that stay is kept. */
  refit(): void;
}

export interface Target {
  code: string;
  type: string;
  /** Those of the release in force. */
  fields: () => readonly Field[];
  /** The record as it was read; null for a new one, below `parent`. */
  record: StoredRecord | null;
  parent: number | null;
  event: Ref<string>;
}

export function useEntry({ code, type, fields, record, parent, event }: Target): Entry {
  const base = shallowRef(answersOf(fields(), record));
  const answers = ref<Answers>(answersOf(fields(), record));
  const version = ref(record?.version ?? 0);
  const read = shallowRef(record);
  const problems = ref<ValueProblem[]>([]);
  const failure = shallowRef<unknown>(null);
  const meeting = shallowRef<Meeting | null>(null);
  const busy = ref(false);

  const send = () =>
    record
      ? changeRecord(code, type, record.id, version.value, changes())
      : addRecord(code, type, { ...newRecordOf(answers.value), parent, event: event.value });

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
    base.value = answersOf(fields(), stored);
    answers.value = answersOf(fields(), stored);
    version.value = stored.version;
    read.value = stored;
  }

  async function refused(error: unknown) {
    problems.value = problemsIn(error) ?? [];
    failure.value = error;
    const change = changeIn(error);
    if (change && record) await meet(record.id, change.changes).catch((reason: unknown) => (failure.value = reason));
  }

  async function meet(id: number, changes: Meeting["changes"]) {
    const theirs = await getRecord(code, type, id);
    const codes = changes.flatMap((change) => change.fields);
    meeting.value = { ...mergeOf(fields(), base.value, answers.value, theirs, codes), theirs, changes };
    failure.value = null;
  }

  async function mergeAndSave(chosen: Readonly<Record<string, Side>>): Promise<Saved | null> {
    const met = meeting.value;
    if (!met) return null;
    answers.value = merged(answers.value, met, chosen);
    base.value = answersOf(fields(), met.theirs);
    version.value = met.theirs.version;
    read.value = met.theirs;
    meeting.value = null;
    return save();
  }

  function answer(field: string, given: Answer) {
    answers.value = { ...answers.value, [field]: given };
  }

  const changes = () => changesOf(base.value, answers.value);

  function refit() {
    const fresh = answersOf(fields(), record);
    const kept = (from: Answers) => Object.fromEntries(Object.keys(fresh).map((field) => [field, from[field] ?? (fresh[field] as Answer)]));
    [base.value, answers.value] = [kept(base.value), kept(answers.value)];
  }

  const changed = computed(() => changedCodes(base.value, answers.value));
  return { answers, changed, stored: read, problems, failure, meeting, busy, save, mergeAndSave, answer, changes, refit };
}
