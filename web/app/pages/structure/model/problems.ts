/** Problems of a draft by the record type and field they belong to. */

import type { DatabaseDocument, DraftProblem, FieldDocument } from "../../../../shared/api/types";

export interface PlacedProblem extends DraftProblem {
  /** Codes, as far as the path leads to a record type and a field. */
  type?: string;
  field?: string;
  /** The field's property, e.g. "minimum", or the rest of the path. */
  property?: string;
  /** Of a list within the property: which one, e.g. the second check. */
  index?: number;
}

/** The parts of a JSON Pointer (RFC 6901). */
export function pointerParts(pointer: string): string[] {
  return pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** @param document the one that the problems were found in: their paths count its record types and fields. */
export function placeProblems(document: DatabaseDocument, problems: readonly DraftProblem[]): PlacedProblem[] {
  return problems.flatMap((problem) => placedProblem(document, problem));
}

function placedProblem(document: DatabaseDocument, problem: DraftProblem): PlacedProblem[] {
  const [first, number, second, at, property, index] = pointerParts(problem.path);
  if (first === "value_sets" && number !== undefined) return inUsers(document, problem, number);
  const type = first === "record_types" ? document.record_types[Number(number)] : undefined;
  if (!type) return [problem];
  const field = second === "fields" ? type.fields[Number(at)] : undefined;
  if (!field) return [{ ...problem, type: type.code, property: second }];
  const placed: PlacedProblem = { ...problem, type: type.code, field: field.code };
  if (property !== undefined) placed.property = property;
  if (index !== undefined && /^\d+$/.test(index)) placed.index = Number(index);
  return [placed];
}

/** A value set's problem is shown at the first field that uses it. */
function inUsers(document: DatabaseDocument, problem: DraftProblem, valueSet: string): PlacedProblem[] {
  for (const type of document.record_types) {
    const field = type.fields.find(({ value_set }) => value_set === valueSet);
    if (field) return [{ ...problem, type: type.code, field: field.code, property: "value_set" }];
  }
  return [problem];
}

export interface Counts {
  errors: number;
  warnings: number;
}

export function countsBy(problems: readonly PlacedProblem[], key: (problem: PlacedProblem) => string | undefined): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const problem of problems) {
    const name = key(problem);
    if (name === undefined) continue;
    const count = counts.get(name) ?? { errors: 0, warnings: 0 };
    if (problem.severity === "error") count.errors += 1;
    else count.warnings += 1;
    counts.set(name, count);
  }
  return counts;
}

/** The problems of one field, by its code. */
export function problemsByField(problems: readonly PlacedProblem[], type: string, fields: readonly FieldDocument[]): Map<string, PlacedProblem[]> {
  const known = new Set(fields.map(({ code }) => code));
  const found = new Map<string, PlacedProblem[]>();
  for (const problem of problems) {
    if (problem.type !== type || problem.field === undefined || !known.has(problem.field)) continue;
    found.set(problem.field, [...(found.get(problem.field) ?? []), problem]);
  }
  return found;
}
