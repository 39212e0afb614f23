/** A record's form on screen: the form of the release in force, what is typed, what rules say, saving. */

import { computed, type ComputedRef, onScopeDispose, ref, type Ref, shallowReactive, shallowRef, watch } from "vue";

import type { Database, Field, RecordForm, RecordType, Saved, StoredRecord, ValueProblem } from "../../../shared/api/types";
import type { FieldState } from "../../../shared/forms/frame";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { checkValues, getForm } from "../../forms/forms";
import { shownProblems, statesOf } from "../../forms/outlook";
import { useFormRules } from "../../forms/useFormRules";
import { language } from "../../language";
import { loadDatabase, loadDatabases } from "../../stores/databases";
import { answerIn, type Changes, formValues, newRecordOf, sameAnswer } from "./entry";
import { recordTypeOf, seenFields } from "./fields";
import type { Side } from "./merge";
import { type Entry, useEntry } from "./useEntry";
import { useOutlook } from "./useOutlook";

export interface Filling {
  database: Database;
  type: RecordType;
  /** As it was read; null for a new one, below `parent`. */
  record: StoredRecord | null;
  parent: number | null;
}

type Typed = Readonly<Record<string, unknown>>;

export interface RecordFilling {
  form: Loaded<RecordForm>;
  entry: Entry;
  event: Ref<string>;
  /** Replaced when the form has to show other values than were typed into it. */
  values: Ref<Record<string, unknown>>;
  state: ComputedRef<{ fields: Record<string, FieldState>; values: Record<string, unknown> }>;
  problems: ComputedRef<ValueProblem[]>;
  fields: ComputedRef<Field[]>;
  saving: Ref<boolean>;
  /** The number of a release that was published while the form was open. */
  renewed: Ref<number | null>;
  take(field: string, typed: Typed): void;
  save(typed?: Typed): Promise<Saved | null>;
  merge(chosen: Readonly<Record<string, Side>>): Promise<Saved | null>;
}

export function useRecordForm({ database, type, record, parent }: Filling): RecordFilling {
  const live = shallowRef(database);
  const fields = computed(() => seenFields(recordTypeOf(live.value, type.code) ?? type));
  const event = ref(type.events[0] ?? "");
  const entry = useEntry({ code: database.code, type: type.code, fields: () => fields.value, record, parent, event });
  const place = { record: record?.id ?? null, parent };
  const form = useLoaded((signal) => getForm(database.code, type.code, "entry", signal, place));
  const values = shallowRef(formValues(fields.value, entry.answers.value, record));
  const touched = shallowReactive(new Set<string>());
  const attempted = ref(false);
  const renewed = ref<number | null>(null);
  const saving = ref(false);
  watch(language, () => void form.reload());

  const typedNow = () => (record ? entry.changes() : newRecordOf(entry.answers.value));
  const rules = useFormRules(() => form.data.value?.rules ?? null, () => entry.stored.value, typedNow);
  let asked: Changes = { values: {}, missing: {} };
  const looking = useOutlook((signal) => checkValues(database.code, type.code, { ...place, ...(asked = typedNow()) }, signal));
  watch(looking.outlook, (outlook) => {
    if (outlook) rules.hear(outlook, asked);
    if (outlook && form.data.value && outlook.release !== form.data.value.release) void renew(outlook.release);
  });
  void looking.now(); // what the server alone knows is hidden and needed from the start

  const said = computed(() => ({
    outlook: rules.look.value,
    refused: entry.problems.value,
    touched: attempted.value ? null : new Set(touched),
  }));
  const state = computed(() => ({
    fields: statesOf(fields.value, type.key, said.value),
    values: rules.look.value?.computed ?? {},
  }));

  function take(field: string, typed: Typed) {
    const answer = answerIn(typed, field);
    if (sameAnswer(answer, entry.answers.value[field] ?? { value: null, missing: "" })) return;
    entry.answer(field, answer);
    entry.problems.value = entry.problems.value.filter((problem) => problem.field !== field && !rules.owns(problem));
    touched.add(field);
    rules.run(typedNow());
    looking.soon();
  }

  async function save(typed?: Typed): Promise<Saved | null> {
    for (const field of Object.keys(typed ?? {})) if (field in entry.answers.value && typed) take(field, typed);
    if (saving.value || entry.changed.value.length === 0) return null;
    saving.value = attempted.value = true;
    entry.failure.value = null;
    try {
      const outlook = await looking.now(); // waits for a lost connection, so that nothing is sent twice
      if (outlook && outlook.release !== form.data.value?.release) return null; // the form is made anew: see `renewed`
      return shown(await entry.save());
    } finally {
      saving.value = false;
    }
  }

  async function merge(chosen: Readonly<Record<string, Side>>): Promise<Saved | null> {
    const saved = await entry.mergeAndSave(chosen);
    values.value = formValues(fields.value, entry.answers.value, record); // with the other one's values in it
    return shown(saved);
  }

  /** Once saved, the form shows what is stored. */
  function shown(saved: Saved | null): Saved | null {
    if (!saved) return null;
    values.value = formValues(fields.value, entry.answers.value, saved.record);
    touched.clear();
    attempted.value = false;
    return saved;
  }

  async function renew(release: number) {
    if (renewed.value === release) return;
    renewed.value = release;
    await loadDatabases().catch(() => undefined);
    live.value = await loadDatabase(database.code).catch(() => live.value);
    entry.refit();
    await form.reload();
    values.value = formValues(fields.value, entry.answers.value, record);
  }

  const hold = (leaving: BeforeUnloadEvent) => saving.value && leaving.preventDefault();
  window.addEventListener("beforeunload", hold);
  onScopeDispose(() => window.removeEventListener("beforeunload", hold));

  return { form, entry, event, values, state, problems: computed(() => shownProblems(said.value)), fields, renewed, saving, take, save, merge };
}
