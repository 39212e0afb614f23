/** A record's ancestors, and the filter that finds what lies below one of them. */

import type { Database, RecordType, StoredRecord } from "../../../shared/api/types";
import { MASKED } from "../../../shared/api/types";
import { recordTypeOf } from "./fields";

export interface Link {
  type: RecordType;
  record: StoredRecord;
}

type Fetch = (type: string, id: number) => Promise<StoredRecord>;

/** The record and its ancestors, nearest first. */
export async function lineOf(database: Database, type: RecordType, record: StoredRecord, fetch: Fetch): Promise<Link[]> {
  const line: Link[] = [{ type, record }];
  for (let at: Link | undefined = line[0]; at?.type.parent && at.record.parent !== null; at = line.at(-1)) {
    const parent = recordTypeOf(database, at.type.parent);
    if (!parent) break; // a type the reader may not see
    line.push({ type: parent, record: await fetch(parent.code, at.record.parent) });
  }
  return line;
}

export interface Anchor extends Link {
  /** True for all that lies below the anchor, in any record type. */
  where: string;
}

/** The nearest record of the line that a filter can name: by a key that the reader sees in clear. */
export function anchorOf(line: readonly Link[]): Anchor | null {
  for (const { type, record } of line) {
    const key = type.fields.find(({ code }) => code === type.key);
    const value = key && record.values[key.code];
    if (!key || value === null || value === undefined || value === MASKED || key.visibility !== "show") continue;
    return { type, record, where: `[${type.code}.${key.code}] = ${literal(value)}` };
  }
  return null;
}

/** A constant as the rule language writes it; a quote within a text is doubled. */
function literal(value: NonNullable<StoredRecord["values"][string]>): string {
  return typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}
