/** What an import of records did or would do, and the names of what its columns go to. */

import type { Database, Field, RecordType } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";

export interface ImportOutcome {
  format: string;
  rows: number;
  rejected_rows: number;
  rejected_file: number | null;
  warnings: number;
  records: Record<string, Partial<Record<State, number>>>;
  /** Added rows that the same file would add again. */
  unidentified: number;
  columns: { column: string; goes_to: string }[];
  ignored_columns: { column: string; reason: Label }[];
  dry_run: boolean;
}

export type State = "added" | "changed" | "unchanged" | "rejected";
export const STATES: readonly State[] = ["added", "changed", "unchanged", "rejected"];

export interface RejectedRow {
  row: string;
  record_type: string;
  field: string;
  code: string;
  reason_zh: string;
  reason_en: string;
  value: string;
}

/** Whether anything is left to store after a check. */
export function accepted({ rows, rejected_rows }: Pick<ImportOutcome, "rows" | "rejected_rows">): number {
  return Math.max(0, rows - rejected_rows);
}

/** The first line of a file of REDCap's data: our own files have none of these columns. */
export function looksLikeRedcap(head: string): boolean {
  const columns = (head.split(/\r?\n/)[0] ?? "").split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ""));
  return columns.some((column) => /^redcap_(event_name|repeat_instrument|repeat_instance)$|___|_complete$/.test(column));
}

export interface Place {
  type: RecordType | undefined;
  field: Field | undefined;
  /** "id", "event", "repeat_key", or "missing" for a field's reason. */
  place: string;
}

/** "height", "height.missing", "patient.record_id", "visit.event": what it is, seen from `type`. */
export function placeOf(database: Database, type: RecordType, goesTo: string): Place {
  const parts = goesTo.split(".");
  const named = parts.length > 1 ? database.record_types.find(({ code }) => code === parts[0]) : undefined;
  const at = named ?? type;
  const [name = "", more = ""] = named ? parts.slice(1) : parts;
  const field = at.fields.find(({ code }) => code === name);
  return { type: named, field, place: field ? more : name };
}
