/** A record for a page of its own, with its database, its type and what stands above it; also one in the trash. */

import type { Database, RecordType, StoredRecord } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { databases, loadDatabase, loadDatabases } from "../../stores/databases";
import { recordName, recordTypeOf } from "./fields";
import { lineOf, type Link } from "./lineage";
import { getRecord, readWherever } from "./records";
import { nameRecord } from "./recordTitles";

export interface Shown {
  database: Database;
  type: RecordType;
  record: StoredRecord;
  /** Its ancestors, the top one first. */
  above: Link[];
  trashed: boolean;
}

/** Null where there is no such record type. */
export function useShown(at: () => { code: string; type: string; id: number }): Loaded<Shown | null> {
  return useLoaded(async (signal) => {
    const { code, type: wanted, id } = at();
    if (!databases.known) await loadDatabases(signal);
    const database = await loadDatabase(code);
    const type = recordTypeOf(database, wanted);
    if (!type) return null;
    const { record, trashed } = await readWherever(code, type.code, id, signal);
    nameRecord(code, type.code, record.id, recordName(type, record));
    const alone: Link[] = [{ type, record }];
    const fetch = (above: string, parent: number) => getRecord(code, above, parent, false, signal);
    // an ancestor that can't be read, or is in the trash, does not keep the record from being shown
    const line = trashed ? alone : await lineOf(database, type, record, fetch).catch(() => alone);
    return { database, type, record, above: line.slice(1).reverse(), trashed };
  });
}
