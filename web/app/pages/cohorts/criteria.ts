/** The criteria of a cohort while they are worked on, and the acts that change their list. */

import type { CriterionInput, CriterionKind, SavedCohort } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";

export interface Criterion {
  /** Tells criteria apart on the page; not part of the cohort. */
  id: number;
  kind: CriterionKind;
  label: Label;
  where: string;
  /** Whether `where` is a condition as it stands: what is half filled in is neither counted nor saved. */
  ready: boolean;
  /** Why a saved one can't be used. */
  problem: Label | null;
}

export const MOST = 40; // the server's own limit

let last = 0;

export function newCriterion(kind: CriterionKind): Criterion {
  return { id: ++last, kind, label: { zh: "", en: "" }, where: "", ready: false, problem: null };
}

export function criteriaOf({ criteria }: SavedCohort): Criterion[] {
  return criteria.map(({ kind, label, where, written, problem }) => ({
    id: ++last, kind, label, where: where ?? written, ready: where !== null, problem,
  }));
}

export function asInput({ kind, label, where }: Criterion): CriterionInput {
  return { kind, where, label: { zh: label.zh.trim(), en: label.en.trim() } };
}

/** Those that can be counted, in their order. */
export function countable(criteria: readonly Criterion[]): Criterion[] {
  return criteria.filter(({ ready }) => ready);
}

/** Take the criterion to before the one that now stands at `index`. */
export function moveTo(criteria: Criterion[], id: number, index: number): void {
  const from = criteria.findIndex((each) => each.id === id);
  const [moved] = from < 0 ? [] : criteria.splice(from, 1);
  if (moved) criteria.splice(index - (from < index ? 1 : 0), 0, moved);
}

/** Up or down by one place; false at the edge. */
export function moveBy(criteria: Criterion[], id: number, step: -1 | 1): boolean {
  const from = criteria.findIndex((each) => each.id === id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= criteria.length) return false;
  moveTo(criteria, id, step === 1 ? to + 1 : to);
  return true;
}

/** What of a cohort is saved, as text that can be compared. */
export function contentOf(name: string, description: string, shared: boolean, criteria: readonly Criterion[]): string {
  return JSON.stringify([name.trim(), description.trim(), shared, criteria.map(asInput)]);
}
