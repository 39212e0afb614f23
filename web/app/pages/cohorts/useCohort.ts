/** A cohort at work: what it is called, its criteria, and whether that differs from what is saved. */

import { computed, type ComputedRef, reactive, ref, type Ref } from "vue";

import type { CriterionKind, SavedCohort } from "../../../shared/api/types";
import { asInput, contentOf, criteriaOf, type Criterion, moveBy, moveTo, newCriterion } from "./criteria";
import { addCohort, changeCohort, type CohortInput } from "./interface";

interface Head {
  name: string;
  description: string;
  shared: boolean;
}

export interface WorkedCohort {
  saved: Ref<SavedCohort | null>;
  head: Head;
  criteria: Criterion[];
  changed: ComputedRef<boolean>;
  /** All criteria are conditions, so that the cohort can be saved. */
  ready: ComputedRef<boolean>;
  /** Save it under `head`; as a new one if it was not saved yet, or `apart`. */
  save(head: Head, apart: boolean): Promise<SavedCohort>;
  add(kind: CriterionKind): Criterion;
  change(id: number, changes: Partial<Criterion>): void;
  moveBy(id: number, step: -1 | 1): boolean;
  moveTo(id: number, index: number): void;
  remove(id: number): void;
  /** What was removed last, and from where; null once it is back. */
  removed: Ref<{ criterion: Criterion; index: number } | null>;
  restore(): void;
}

export function useCohort(database: string, type: string, from: SavedCohort | null): WorkedCohort {
  const saved = ref(from) as Ref<SavedCohort | null>;
  const head = reactive<Head>({ name: from?.name ?? "", description: from?.description ?? "", shared: from?.shared ?? false });
  const criteria = reactive<Criterion[]>(from ? criteriaOf(from) : []);
  const content = () => contentOf(head.name, head.description, head.shared, criteria);
  const kept = ref(content());
  const removed = ref<{ criterion: Criterion; index: number } | null>(null);

  async function save(under: Head, apart: boolean): Promise<SavedCohort> {
    const input: CohortInput = { ...under, criteria: criteria.map(asInput) };
    const sent = contentOf(under.name, under.description, under.shared, criteria);
    const before = saved.value;
    const answer = before && !apart ? await changeCohort(database, before, input) : await addCohort(database, type, input);
    saved.value = answer;
    Object.assign(head, under);
    kept.value = sent; // what was typed meanwhile is not saved yet
    return answer;
  }

  function add(kind: CriterionKind): Criterion {
    const made = newCriterion(kind);
    criteria.push(made);
    return made;
  }

  function remove(id: number) {
    const index = criteria.findIndex((each) => each.id === id);
    const [criterion] = index < 0 ? [] : criteria.splice(index, 1);
    if (criterion) removed.value = { criterion, index };
  }

  function restore() {
    if (removed.value) criteria.splice(removed.value.index, 0, removed.value.criterion);
    removed.value = null;
  }

  return {
    saved, head, criteria, save, add, remove, removed, restore,
    change: (id, changes) => void Object.assign(criteria.find((each) => each.id === id) ?? {}, changes),
    moveBy: (id, step) => moveBy(criteria, id, step),
    moveTo: (id, index) => void moveTo(criteria, id, index),
    changed: computed(() => content() !== kept.value || criteria.some(({ ready, problem }) => !ready && problem === null)),
    ready: computed(() => criteria.length > 0 && criteria.every(({ ready }) => ready)),
  };
}
