/** Forgetting a patient. */

export interface FoundPatient {
  /** The number in the patient index, which only who may forget is told. */
  patient: number;
  record_type: string;
  record: number;
}

export interface Forgetting {
  patient: number;
  forgotten: boolean;
  /** When the patient's key was destroyed. */
  destroyed_at: string | null;
  identifiers: number;
  values: number;
  /** What is typed to confirm. */
  phrase: string;
  affected: { database: string; record_type: string; records: number; values: number }[];
  /** Files of these databases that may name the patient. */
  files: { id: number; name: string; created_by: string }[];
  /** Texts elsewhere that name the patient, by what they are: filters, notices, reasons, jobs, files. */
  traces: Readonly<Record<string, number>>;
}
