/** A rule on one record: its parts as the panel lists them, and the records to choose from. */

import { path } from "../../shared/api/client";
import type { ExplainedPart, Explanation, Page, StoredRecord } from "../../shared/api/types";
import { api } from "../session/session";
import type { RulePlace } from "./checking";
import { indexOf } from "./place";

export interface Step extends ExplainedPart {
  text: string;
}

/** `draft` says that the rule is one over the draft, whose new fields have no values yet. */
export function explainRule({ database, recordType: record_type, draft }: RulePlace, expression: string, record: number, signal: AbortSignal): Promise<Explanation> {
  const body = { database, record_type, expression, record, ...(draft && { draft }) };
  return api.post("/rules/explain", body, { signal, repeatable: true });
}

/** The parts with their own text, each on one line. */
export function stepsOf(rule: string, parts: readonly ExplainedPart[]): Step[] {
  return parts.map((part) => ({ ...part, text: rule.slice(indexOf(rule, part.start), indexOf(rule, part.end)).replace(/\s+/g, " ") }));
}

export function loadRecord(database: string, type: string, id: number): Promise<StoredRecord> {
  return api.get(path`/databases/${database}/records/${type}/${String(id)}`);
}

const MOST = 20; // records offered at once

/** Records whose key holds what was typed, or that have this number; the first ones where nothing is typed. */
export async function findRecords(database: string, type: string, key: string | null, typed: string, signal: AbortSignal): Promise<StoredRecord[]> {
  const found = path`/databases/${database}/records/${type}`;
  const wanted = typed.trim();
  const where = wanted && key ? `[${key}] contains '${wanted.replaceAll("'", "''")}'` : null;
  const isNumber = /^#?\d+$/.test(wanted);
  const [{ items }, one] = await Promise.all([
    where || !wanted ? api.get<Page<StoredRecord>>(found, { query: { limit: MOST, where }, signal }) : { items: [] },
    isNumber ? api.get<StoredRecord>(`${found}/${wanted.replace("#", "")}`, { signal }).catch(() => null) : null,
  ]);
  return one && !items.some(({ id }) => id === one.id) ? [one, ...items] : items;
}
