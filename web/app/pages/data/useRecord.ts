/** One record with the line of records above it, loaded for the drawer. */

import type { Database, RecordType } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { lineOf, type Link } from "./lineage";
import { getRecord } from "./records";

export interface Lined extends Link {
  /** Its ancestors, the top one first. */
  above: Link[];
}

export function useRecord(database: Database, type: RecordType, id: number, trashed: boolean): Loaded<Lined> {
  return useLoaded(async (signal) => {
    const record = await getRecord(database.code, type.code, id, trashed, signal);
    const alone: Link[] = [{ type, record }];
    const fetch = (code: string, parent: number) => getRecord(database.code, code, parent, false, signal);
    // an ancestor that can't be read, or is in the trash, does not keep the record from being shown
    const line = trashed ? alone : await lineOf(database, type, record, fetch).catch(() => alone);
    return { type, record, above: line.slice(1).reverse() };
  });
}
