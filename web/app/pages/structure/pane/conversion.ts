/** A change of unit that takes stored values along: new = old × factor + offset. */

import type { FieldDocument } from "../../../../shared/api/types";

export interface UnitChange {
  unit: string;
  factor: string;
  offset: string;
}

const NUMBER = /^-?\d{1,18}(\.\d{1,18})?$/; // as the server takes it: exact, no exponent

/** What the server would refuse; null when it is fine. Blank stands for "as it is". */
export function faultOf(name: "factor" | "offset", typed: string): "notANumber" | "factorZero" | null {
  const clean = typed.trim();
  if (!clean) return null;
  if (!NUMBER.test(clean)) return "notANumber";
  return name === "factor" && Number(clean) === 0 ? "factorZero" : null;
}

/** Some value by the rule, for an example: what is stored is calculated exactly, by the server. */
export function converted(value: number, { factor, offset }: Pick<UnitChange, "factor" | "offset">): number {
  return Number((value * Number(factor.trim() || 1) + Number(offset.trim() || 0)).toPrecision(12));
}

/** The settings of the field: its unit, how values follow, and bounds that follow, too. */
export function unitSettings(field: FieldDocument, change: UnitChange): Partial<Record<keyof FieldDocument, unknown>> {
  const rule = { factor: change.factor.trim() || "1", offset: change.offset.trim() || "0" };
  return { unit: change.unit.trim() || null, convert: { step: (field.convert?.step ?? 0) + 1, ...rule }, ...boundsBy(field, rule) };
}

function boundsBy({ type, minimum, maximum }: FieldDocument, rule: { factor: string; offset: string }) {
  const of = (bound: number | string | null | undefined) => (bound === null || bound === undefined ? null : follow(Number(bound), rule, type));
  const [low, high] = [of(minimum), of(maximum)];
  const [least, most] = Number(rule.factor) < 0 ? [high, low] : [low, high];
  return { ...((low ?? high) !== null && { minimum: least, maximum: most }) };
}

const follow = (bound: number, rule: { factor: string; offset: string }, type: string) => {
  const value = converted(bound, rule);
  return type === "integer" ? Math.round(value) : value;
};
