/** From what rules say to typed values to what the form shows beside each field. */

import type { Field, ValueProblem } from "../../shared/api/types";
import type { FieldState } from "../../shared/forms/frame";
import type { Look } from "../../shared/forms/rules/look";

export interface Said {
  outlook: Look | null;
  /** What the last attempt to save was refused for. */
  refused: readonly ValueProblem[];
  /** Fields whose problems are shown; null: all of them. */
  touched: ReadonlySet<string> | null;
}

/** A form that was just opened does not complain of what nobody has filled in yet. */
export function shownProblems({ outlook, refused, touched }: Said): ValueProblem[] {
  const found = [...(outlook?.problems ?? []), ...refused].filter(({ field }) => touched === null || (field !== null && touched.has(field)));
  const seen = new Set<string>();
  return found.filter((problem) => {
    const key = `${problem.field} ${problem.code} ${problem.zh}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Of a field what its state depends on. */
export type Shown = Pick<Field, "code" | "calculation" | "required"> & { type: string };

/** The state of every field, for the frame. */
export function statesOf(fields: readonly Shown[], key: string | null, said: Said): Record<string, FieldState> {
  const hidden = new Set(said.outlook?.hidden);
  const required = said.outlook ? new Set(said.outlook.required) : new Set(fields.filter((field) => field.required || field.code === key).map(({ code }) => code));
  const problems = shownProblems(said);
  const items = [...hidden].filter((key) => !fields.some(({ code }) => code === key));
  const skipped = Object.fromEntries(items.map((key) => [key, { hidden: true, required: false, computed: false, errors: [] }])); // headings, texts
  const states = Object.fromEntries(
    fields.map(({ code, type, calculation }) => {
      const own = problems.filter(({ field }) => field === code);
      const errors = own.filter(({ severity }) => severity === "error").map(labelOf);
      const warnings = own.filter(({ severity }) => severity !== "error").map(labelOf);
      return [code, { hidden: hidden.has(code), required: required.has(code), computed: type === "calculated" || Boolean(calculation), errors, warnings }];
    }),
  );
  return { ...skipped, ...states };
}

const labelOf = ({ zh, en }: ValueProblem) => ({ zh, en });
