/** The places that problems point to, for links into the structure. */

import { ApiError } from "../../../shared/api/errors";
import type { DatabaseDocument, DraftProblem } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";

export interface ProblemPlace {
  /** TYPE or TYPE.FIELD, as the structure page takes it. */
  field: string;
  labels: Partial<Label>[];
}

/** The problems in a refusal, or null if it was refused for another reason. */
export function problemsOf(error: unknown): DraftProblem[] | null {
  if (!(error instanceof ApiError) || !["DefinitionInvalid", "ChangeNotPossible"].includes(error.code)) return null;
  return Array.isArray(error.details.problems) ? (error.details.problems as DraftProblem[]) : null;
}

/** What a JSON Pointer such as /record_types/0/fields/3/minimum leads to; null for other parts. */
export function placeOf(pointer: string, document: DatabaseDocument | null): ProblemPlace | null {
  const [part, type, fields, field] = pointer.split("/").slice(1);
  if (part !== "record_types" || type === undefined) return null;
  const recordType = document?.record_types[Number(type)];
  if (!recordType) return null;
  const typeLabel = { code: recordType.code, ...recordType.label };
  const found = fields === "fields" ? recordType.fields[Number(field)] : undefined;
  if (!found) return { field: recordType.code, labels: [named(typeLabel)] };
  return { field: `${recordType.code}.${found.code}`, labels: [named(typeLabel), named({ code: found.code, ...found.label })] };
}

function named({ code, zh, en }: { code: string } & Partial<Label>): Label {
  return { zh: zh || en || code, en: en || zh || code };
}
