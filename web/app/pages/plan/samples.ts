/** The sample records of an operation, as the reader may see them. */

import { path } from "../../../shared/api/client";
import { ApiError } from "../../../shared/api/errors";
import type { Database, Field, Operation, RecordType, StoredRecord } from "../../../shared/api/types";
import { api } from "../../session/session";

export interface Samples {
  type: RecordType;
  /** The field that says which record it is, if the reader may see it. */
  key: Field | undefined;
  /** The field that the operation changes. */
  field: Field | undefined;
  records: StoredRecord[];
}

/** Record type and fields of the live release that an operation concerns; the draft may call them otherwise. */
export function liveParts(database: Database, { type_id, field_id }: Operation): Omit<Samples, "records"> | null {
  const type = database.record_types.find(({ id }) => id === type_id);
  if (!type) return null;
  const seen = type.fields.filter(({ visibility }) => visibility !== "hide");
  return { type, key: seen.find(({ code }) => code === type.key), field: seen.find(({ id }) => id === field_id) };
}

/** The records with what the server shows of them; null when the reader may see none. */
export async function loadSamples(database: Database, operation: Operation, signal: AbortSignal): Promise<Samples | null> {
  const parts = liveParts(database, operation);
  if (!parts) return null;
  const found = await Promise.all(operation.finding.samples.map((id) => recordOf(database.code, parts.type.code, id, signal)));
  const records = found.filter((record) => record !== null);
  return records.length > 0 ? { ...parts, records } : null;
}

/** A record, also from the trash: what an operation concerns may be there. */
async function recordOf(code: string, type: string, id: number, signal: AbortSignal): Promise<StoredRecord | null> {
  const address = path`/databases/${code}/records/${type}/${id}`;
  for (const trashed of [undefined, true]) {
    try {
      return await api.get<StoredRecord>(address, { query: { trashed }, signal });
    } catch (error) {
      if (!(error instanceof ApiError) || ![403, 404].includes(error.status)) throw error;
    }
  }
  return null;
}
