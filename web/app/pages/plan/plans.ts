/** The interface of plans and releases. */

import { API, path } from "../../../shared/api/client";
import type {
  Change, ChangesPage, ConversionCell, Draft, Page, Plan, PlannedChange, Release, Released,
} from "../../../shared/api/types";
import { api } from "../../session/session";

const MOST_AT_ONCE = 500;

export async function newestPlan(code: string, signal?: AbortSignal): Promise<Plan | null> {
  const page = await api.get<Page<Plan>>(path`/databases/${code}/plans`, { query: { limit: 1 }, signal });
  return page.items[0] ?? null;
}

export function makePlan(code: string): Promise<Plan> {
  return api.post(path`/databases/${code}/plans`);
}

/** A plan forward to the release before the live one. */
export function planUndo(code: string): Promise<Plan> {
  return api.post(path`/databases/${code}/undo`);
}

export function getPlan(id: number, signal?: AbortSignal): Promise<Plan> {
  return api.get(path`/plans/${id}`, { signal });
}

export function approvePlan(id: number): Promise<Plan> {
  return api.post(path`/plans/${id}/approve`);
}

export function publishPlan(id: number, note: string): Promise<Released> {
  return api.post(path`/plans/${id}/publish`, { note });
}

export function resumePlan(id: number): Promise<Released> {
  return api.post(path`/plans/${id}/resume`);
}

export function abandonPlan(id: number): Promise<Plan> {
  return api.post(path`/plans/${id}/abandon`);
}

export function getDraft(code: string, signal?: AbortSignal): Promise<Draft> {
  return api.get(path`/databases/${code}/draft`, { signal });
}

export interface Changes<C extends Change> {
  items: C[];
  total: number;
}

export function changesOfPlan(id: number, signal?: AbortSignal): Promise<Changes<PlannedChange>> {
  return allChanges<PlannedChange>(path`/plans/${id}/changes`, {}, signal);
}

/** What release `number` changed against release `against`; null: against the one before it. */
export function changesOfRelease(code: string, number: number, against: number | null, signal?: AbortSignal): Promise<Changes<Change>> {
  return allChanges(path`/databases/${code}/releases/${number}/changes`, { against }, signal);
}

async function allChanges<C extends Change>(address: string, query: { against?: number | null }, signal?: AbortSignal): Promise<Changes<C>> {
  const read = (after: string | number | null): Promise<ChangesPage<C>> =>
    api.get(address, { query: { ...query, after, limit: MOST_AT_ONCE }, signal });
  const first = await read(null);
  const items = [...first.items];
  for (let { next } = first; next !== null; ) {
    const page = await read(next);
    items.push(...page.items);
    next = page.next;
  }
  return { items, total: first.total };
}

export function releasesAfter(code: string, after: string | number | null, signal?: AbortSignal): Promise<Page<Release>> {
  return api.get(path`/databases/${code}/releases`, { query: { after, limit: 50 }, signal });
}

/** Where the definition of a release can be downloaded. */
export function definitionAddress(code: string, number: number, format: "yaml" | "redcap"): string {
  return `${API}${path`/databases/${code}/releases/${number}/definition`}?format=${format}`;
}

const CELLS = { first: 5, more: 50 }; // of a conversion at a time

/** Cells that the conversion of a field (by its id) can't convert as they are. */
export function cellsAfter(plan: number, field: string, after: number | string | null, signal?: AbortSignal): Promise<Page<ConversionCell>> {
  return api.get(path`/plans/${plan}/conversions/${field}/cells`, { query: { after, limit: after === null ? CELLS.first : CELLS.more }, signal });
}

/** Where all of them can be downloaded as CSV. */
export function cellsAddress(plan: number, field: string): string {
  return `${API}${path`/plans/${plan}/conversions/${field}/report`}`;
}
