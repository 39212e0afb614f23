/** The audit trail: entries, counts, who reached a patient, and whether the seals hold. */

import type { Label } from "../../texts";

export interface AuditItem {
  id: number;
  at: string;
  /** null: the platform itself, or nobody who is known. */
  subject_id: number | null;
  subject_name: string;
  /** "" where the account is gone. */
  subject_display: string;
  address: string;
  channel: string;
  action: string;
  resource_kind: string;
  resource: string;
  /** null: it has no name, or is gone. */
  resource_label: Label | null;
  /** Ids of the patient index. */
  patients: number[] | null;
  patient_count: number;
  /** Codes. */
  fields: string[] | null;
  /** Counts, ids, versions and codes; never a value. */
  detail: Record<string, unknown> | null;
  purpose: string;
  outcome: string;
  request_id: string;
  catalogue_revision: number;
}

export interface NamedField {
  code: string;
  /** null: it is no field any more. */
  label: Label | null;
}

export interface AuditEntry extends Omit<AuditItem, "fields"> {
  fields: NamedField[];
  /** null: not yet. */
  sealed: { seq: number; sealed_at: string } | null;
}

/** What acts and kinds of things are called. */
export interface AuditWords {
  actions: { action: string; label: Label }[];
  kinds: { kind: string; label: Label }[];
}

export interface AuditCounts {
  total: number;
  /** Most first. */
  actions: { action: string; count: number }[];
  /** In their order; days without entries are left out. */
  days: { day: string; count: number }[];
}

/** One person's acts on a patient's data. */
export interface PatientReach {
  subject_id: number | null;
  subject_name: string;
  subject_display: string;
  seen: number;
  changed: number;
  exported: number;
  first_at: string;
  last_at: string;
  fields: NamedField[];
}

export interface PatientReport {
  patient: number;
  /** Latest first. */
  people: PatientReach[];
}

export interface AuditFault {
  kind: string;
  /** 0: none. */
  entry_id: number;
  seq: number;
}

/** A sealed file that older entries went into: the seals in it, and when its first and last entry were written. */
export interface AuditArchive {
  file: string;
  from_seq: number;
  to_seq: number;
  first_at: string;
  last_at: string;
  archived_at: string;
}

export interface AuditStanding {
  entries: number;
  oldest: string | null;
  sealed: number;
  sealed_up_to: string | null;
  anchor: { seq: number; at: string } | null;
  last_check: { job: number; at: string; by: string; entries: number; faults: AuditFault[]; fault_count: number } | null;
  /** The job of a check that is under way. */
  checking: number | null;
  /** As the account policy says. */
  keep_days: number;
  /** The latest hundred, latest first. */
  archives: AuditArchive[];
}
