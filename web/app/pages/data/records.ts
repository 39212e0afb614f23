/** The interface of records: each call, by database and record type. */

import { path } from "../../../shared/api/client";
import { ApiError } from "../../../shared/api/errors";
import type {
  Page, RecordChangedDetails, RecordRef, Revision, Saved, StoredRecord, ValueProblem,
} from "../../../shared/api/types";
import type { FetchPage } from "../../grid/keysetPages";
import { type Order, orderParameter } from "../../grid/order";
import { api } from "../../session/session";
import type { Changes } from "./entry";
import type { Source } from "./useChildren";

export interface Listing {
  where: string;
  order: Order | null;
  trashed: boolean;
  /** Only records directly below this one; null for all. */
  parent: number | null;
}

const base = (code: string, type: string) => path`/databases/${code}/records/${type}`;

const LONGEST_ADDRESS = 2000; // characters that every server and proxy between takes

/** A filter that is too long for an address goes in the body of a request. */
const isLong = (where: string) => encodeURIComponent(where).length > LONGEST_ADDRESS;

/** @param select the only field to read, where more is not needed. */
export function pagesOf(code: string, type: string, { where, order, trashed, parent }: Listing, select?: string): FetchPage<StoredRecord> {
  const query = { where: where || undefined, order: orderParameter(order), trashed: trashed || undefined, parent: parent ?? undefined, select };
  return (after, limit, signal, skip) => {
    if (!isLong(where)) return api.get(base(code, type), { query: { ...query, after, limit, skip }, signal });
    return api.post(`${base(code, type)}/search`, { ...query, after: after ?? undefined, limit, skip }, { signal, repeatable: true });
  };
}

export async function countRecords(code: string, type: string, listing: Omit<Listing, "order">, signal?: AbortSignal): Promise<number> {
  const { where, trashed, parent } = listing;
  const query = { where: where || undefined, trashed: trashed || undefined, parent: parent ?? undefined };
  const answer = isLong(where)
    ? await api.post<{ count: number }>(`${base(code, type)}/search/count`, query, { signal, repeatable: true })
    : await api.get<{ count: number }>(`${base(code, type)}/count`, { query, signal });
  return answer.count;
}

export function getRecord(code: string, type: string, id: number, trashed = false, signal?: AbortSignal): Promise<StoredRecord> {
  return api.get(`${base(code, type)}/${id}`, { query: { trashed: trashed || undefined }, signal });
}

/** A record, also one that lies in the trash. */
export async function readWherever(code: string, type: string, id: number, signal: AbortSignal): Promise<{ record: StoredRecord; trashed: boolean }> {
  try {
    return { record: await getRecord(code, type, id, false, signal), trashed: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return { record: await getRecord(code, type, id, true, signal), trashed: true };
  }
}

/** The records of `type` directly below `parent`. */
export function childrenOf(code: string, type: string, parent: number): Source {
  return {
    page: (after, limit, signal) => api.get(base(code, type), { query: { parent, after, limit }, signal }),
    count: async (signal) => (await api.get<{ count: number }>(`${base(code, type)}/count`, { query: { parent }, signal })).count,
  };
}

export async function revisionsOf(code: string, type: string, id: number, signal: AbortSignal): Promise<Revision[]> {
  return (await api.get<Page<Revision>>(`${base(code, type)}/${id}/revisions`, { signal })).items.reverse();
}

export interface NewRecord {
  values: Changes["values"];
  missing: Record<string, string>;
  parent: number | null;
  event?: string;
}

export function addRecord(code: string, type: string, record: NewRecord): Promise<Saved> {
  return api.post(base(code, type), record);
}

export function changeRecord(code: string, type: string, id: number, version: number, changes: Changes): Promise<Saved> {
  return api.patch(`${base(code, type)}/${id}`, { version, ...changes });
}

export async function trashRecord(code: string, type: string, { id, version }: StoredRecord): Promise<RecordRef[]> {
  return (await api.delete<{ trashed: RecordRef[] }>(`${base(code, type)}/${id}`, { query: { version } })).trashed;
}

export async function restoreRecord(code: string, type: string, id: number): Promise<RecordRef[]> {
  return (await api.post<{ restored: RecordRef[] }>(`${base(code, type)}/${id}/restore`)).restored;
}

/** The problems of fields in a refusal, or null if it was refused for another reason. */
export function problemsIn(error: unknown): ValueProblem[] | null {
  if (!(error instanceof ApiError) || !Array.isArray(error.details.problems)) return null;
  return error.details.problems as ValueProblem[];
}

/** Who was faster, if that is why the change was refused. */
export function changeIn(error: unknown): RecordChangedDetails | null {
  if (!(error instanceof ApiError) || error.code !== "RecordChanged") return null;
  return error.details as unknown as RecordChangedDetails;
}
