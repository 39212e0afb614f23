/** The interface of cohorts and their funnel. */

import { path } from "../../../shared/api/client";
import type { CriterionInput, Funnel, Page, SavedCohort } from "../../../shared/api/types";
import { api } from "../../session/session";

export interface CohortInput {
  name: string;
  description: string;
  shared: boolean;
  criteria: CriterionInput[];
}

export function listCohorts(database: string, type: string, after: unknown, limit: number, signal: AbortSignal): Promise<Page<SavedCohort>> {
  const query = { record_type: type || null, after: after as string | number | null, limit };
  return api.get(path`/databases/${database}/cohorts`, { query, signal });
}

export function getCohort(database: string, id: number, signal: AbortSignal): Promise<SavedCohort> {
  return api.get(path`/databases/${database}/cohorts/${id}`, { signal });
}

export function addCohort(database: string, type: string, input: CohortInput): Promise<SavedCohort> {
  return api.post(path`/databases/${database}/cohorts`, { ...input, record_type: type });
}

export function changeCohort(database: string, { id, version }: SavedCohort, input: CohortInput): Promise<SavedCohort> {
  return api.patch(path`/databases/${database}/cohorts/${id}`, { version, ...input });
}

export function removeCohort(database: string, { id, version }: SavedCohort): Promise<void> {
  return api.delete(path`/databases/${database}/cohorts/${id}`, { query: { version } });
}

export function restoreCohort(database: string, { id }: SavedCohort): Promise<SavedCohort> {
  return api.post(path`/databases/${database}/cohorts/${id}/restore`);
}

export function askFunnel(database: string, type: string, criteria: readonly CriterionInput[], signal: AbortSignal): Promise<Funnel> {
  return api.post(path`/databases/${database}/records/${type}/cohort`, { criteria }, { signal, repeatable: true });
}
