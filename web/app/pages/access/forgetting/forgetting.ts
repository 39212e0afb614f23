/** Forgetting a patient: what the server tells and is asked. */

import { path } from "../../../../shared/api/client";
import type { FoundPatient, Forgetting } from "../../../../shared/api/types";
import { api } from "../../../session/session";

/** Who is meant: by the identifier in a database, or by one of the records. */
export type Wanted = { database: string; identifier: string } | { database: string; record_type: string; record: number };

export const findPatient = (wanted: Wanted, signal?: AbortSignal) => api.post<FoundPatient>("/patients/find", wanted, { signal });

export const lookAt = (patient: number, signal?: AbortSignal) => api.get<Forgetting>(path`/patients/${patient}/forgetting`, { signal });

export const forget = (patient: number, reason: string, confirm: string) => api.post<Forgetting>(path`/patients/${patient}/forgetting`, { reason, confirm });

/** How many texts elsewhere name the patient. */
export const tracesOf = ({ traces }: Pick<Forgetting, "traces">): number => Object.values(traces).reduce((sum, count) => sum + count, 0);

export const recordsOf = ({ affected }: Pick<Forgetting, "affected">): number => affected.reduce((sum, { records }) => sum + records, 0);

/** Who the address names: `?database=&type=&record=`, as a record links here. */
export function wantedOf(query: Readonly<Record<string, unknown>>): Wanted | null {
  const { database, type, record } = query;
  const number = Number(record);
  if (typeof database !== "string" || typeof type !== "string" || !Number.isSafeInteger(number) || number < 1) return null;
  return { database, record_type: type, record: number };
}

/** Whether all is typed that the act needs. */
export const isConfirmed = (found: Pick<Forgetting, "phrase">, reason: string, typed: string): boolean => reason.trim() !== "" && typed.trim() === found.phrase;
