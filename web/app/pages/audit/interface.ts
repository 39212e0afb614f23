/** The interface of the trail: entries, counts, the report of a patient, exports, the proof of the seals. */

import { path } from "../../../shared/api/client";
import type { AuditCounts, AuditEntry, AuditItem, AuditStanding, AuditWords, Page, PatientReport } from "../../../shared/api/types";
import type { Cursor } from "../../grid/keysetPages";
import { api } from "../../session/session";

export function readEntries(query: Record<string, string>, after: Cursor, limit: number, signal: AbortSignal): Promise<Page<AuditItem>> {
  return api.get("/audit", { query: { ...query, order: "newest", after, limit }, signal });
}

export function readEntry(id: number, signal: AbortSignal): Promise<AuditEntry> {
  return api.get(path`/audit/${id}`, { signal });
}

export function readWords(signal: AbortSignal): Promise<AuditWords> {
  return api.get("/audit/actions", { signal });
}

/** How many entries there are by act and by the reader's own day. */
export function countEntries(query: Record<string, string>, signal: AbortSignal): Promise<AuditCounts> {
  return api.get("/audit/counts", { query: { ...query, offset: -new Date().getTimezoneOffset() }, signal });
}

/** The internal ids of those who have an identifier; it is looked up and not kept. */
export async function findPatients(identifier: string): Promise<number[]> {
  return (await api.post<{ patients: number[] }>("/audit/patients/find", { identifier })).patients;
}

export interface Period {
  from?: string;
  to?: string;
}

/** Who reached the data of a patient, summed up by person. */
export function patientReport(id: number, { from, to }: Period, signal: AbortSignal): Promise<PatientReport> {
  return api.get(path`/audit/patients/${id}/report`, { query: { from, to }, signal });
}

export interface ExportAs {
  format: "csv" | "xlsx";
  language: "zh" | "en";
}

/** Begin to write the entries of a filter into a file; itself an entry. */
export function exportEntries({ patient, ...query }: Record<string, string>, as: ExportAs): Promise<{ job: number }> {
  const filters = { ...query, ...(patient && { patient: Number(patient) }) };
  return api.post("/audit/exports", { ...as, filters });
}

export function readStanding(signal: AbortSignal): Promise<AuditStanding> {
  return api.get("/audit/integrity", { signal });
}

/** Begin to prove every seal, or find the proof that is under way. */
export function beginCheck(): Promise<{ job: number }> {
  return api.post("/audit/integrity/check");
}
