/** The interface of rules as trees, of counts, and of saved filters. */

import { path } from "../../../../shared/api/client";
import type { ConditionCount, Page, ParsedRule, RuleNode, SavedFilter } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { api } from "../../../session/session";

export function parseRule(database: string, type: string, expression: string, signal?: AbortSignal): Promise<ParsedRule> {
  return api.post("/rules/parse", { expression, database, record_type: type }, { signal, repeatable: true });
}

/** The text of each tree, in both languages. */
export async function formatRules(roots: readonly RuleNode[], signal?: AbortSignal): Promise<Label[]> {
  const trees = roots.map((root) => ({ v: 1, root }));
  const answer = await api.post<{ texts: Label[] }>("/rules/format", { trees }, { signal, repeatable: true });
  return answer.texts;
}

export const MOST_COUNTED = 40; // conditions in one request

export async function countConditions(
  database: string, type: string, conditions: readonly RuleNode[], trashed: boolean, signal: AbortSignal,
): Promise<ConditionCount[]> {
  const address = path`/databases/${database}/records/${type}/counts`;
  const options = { signal, repeatable: true };
  return (await api.post<{ counts: ConditionCount[] }>(address, { conditions, trashed }, options)).counts;
}

const MOST_PAGES = 20; // of 500 filters

export async function savedFilters(database: string, type: string, signal: AbortSignal): Promise<SavedFilter[]> {
  const found: SavedFilter[] = [];
  let after: Page<SavedFilter>["next"] = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { record_type: type, limit: 500, after };
    const answer: Page<SavedFilter> = await api.get(path`/databases/${database}/filters`, { query, signal });
    found.push(...answer.items);
    after = answer.next;
    if (after === null) break;
  }
  return found;
}

export interface FilterInput {
  name: string;
  description: string;
  where: string;
  shared: boolean;
}

export function addFilter(database: string, type: string, input: FilterInput): Promise<SavedFilter> {
  return api.post(path`/databases/${database}/filters`, { ...input, record_type: type });
}

export function changeFilter(database: string, { id, version }: SavedFilter, input: Partial<FilterInput>): Promise<SavedFilter> {
  return api.patch(path`/databases/${database}/filters/${id}`, { version, ...input });
}

export function removeFilter(database: string, { id, version }: SavedFilter): Promise<void> {
  return api.delete(path`/databases/${database}/filters/${id}`, { query: { version } });
}

export function restoreFilter(database: string, { id }: SavedFilter): Promise<SavedFilter> {
  return api.post(path`/databases/${database}/filters/${id}/restore`);
}
