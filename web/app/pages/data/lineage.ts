/** A record's ancestors. */

import type { Database, RecordType, StoredRecord } from "../../../shared/api/types";
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
