/** Fields of earlier releases that the draft has not, page by page. */

import { path } from "../../../../shared/api/client";
import type { Page, RemovedField } from "../../../../shared/api/types";
import { api } from "../../../session/session";

const LINES = 50;

/** Those of one record type, the last removed first: as many pages as to hold `wanted` of them. */
export async function loadRemoved(database: string, type: string, wanted: number, signal: AbortSignal): Promise<Page<RemovedField>> {
  const items: RemovedField[] = [];
  let next: string | number | null = null;
  do {
    const query = { record_type: type, after: next, limit: LINES };
    const page: Page<RemovedField> = await api.get(path`/databases/${database}/draft/removed-fields`, { query, signal });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < wanted);
  return { items, next };
}
