/** The names of cohorts that were opened, for the breadcrumbs. */

import { shallowReactive } from "vue";

import type { SavedCohort } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import { names as pages } from "../texts";

const names = shallowReactive(new Map<string, string>());

export function rememberName(database: string, { id, name }: Pick<SavedCohort, "id" | "name">): void {
  names.set(`${database} ${id}`, name);
}

const LONGEST = 24; // characters, so that what stands before it keeps its place

/** Its name, cut where it is long; its number until it is known. */
export function cohortTitle(database: string, id: string): Label | string {
  if (id === "new") return pages.newCohort;
  const name = names.get(`${database} ${id}`);
  if (name) return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
  return { zh: `${pages.cohort.zh} ${id}`, en: `${pages.cohort.en} ${id}` };
}

/** For the next user they are unknown. */
export function forgetCohortNames(): void {
  names.clear();
}
