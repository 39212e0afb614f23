/** Value sets of a draft: who uses them, and their choices as one edits them. */

import type { DatabaseDocument, Edit, FieldDocument, ValueSetDocument } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { codeOf, freeCode, TYPE_CODE } from "../model/codes";

export type Choice = ValueSetDocument["choices"][number];

export const LONGEST_CHOICE = 99;

export function usersOf({ record_types }: DatabaseDocument, code: string): number {
  return record_types.reduce((sum, { fields }) => sum + fields.filter(({ value_set }) => value_set === code).length, 0);
}

/** A new value set for the field, empty or a copy of the one it has; the field uses it. */
export function ownValueSet(document: DatabaseDocument, type: string, field: FieldDocument): Edit[] {
  const known = new Set(Object.keys(document.value_sets ?? {}));
  const code = freeCode(codeOf(field.code, TYPE_CODE.longest - 4) || "choices", known);
  const old = field.value_set ? document.value_sets?.[field.value_set] : undefined;
  const label: Partial<Label> | undefined = old?.label ?? field.label;
  const value_set: ValueSetDocument = { ...(label && { label }), choices: old?.choices ?? [] };
  return [
    { edit: "add_value_set", code, value_set },
    { edit: "set_field", record_type: type, field: field.code, set: { value_set: code } },
  ];
}

/** The next code of a list of choices: 1, 2, 3 where the others are numbers, else free. */
export function nextCode(choices: readonly Choice[]): string {
  const numbers = choices.map(({ code }) => Number(code));
  if (numbers.every(Number.isInteger)) return String(Math.max(0, ...numbers) + 1);
  return freeCode(`choice_${choices.length + 1}`, new Set(choices.map(({ code }) => code)));
}

/** Choices with pasted lines (code, Chinese, English) from place `at` on: a known code is named anew, others are added. */
export function withPasted(choices: readonly Choice[], rows: readonly string[][], at: number): Choice[] {
  const result = [...choices];
  const added: Choice[] = [];
  const taken = new Set(choices.map(({ code }) => code));
  for (const [first = "", second = "", third = ""] of rows) {
    const code = (first || nextCode([...result, ...added])).slice(0, LONGEST_CHOICE);
    const label = { ...(second && { zh: second }), ...(third && { en: third }) };
    const known = result.findIndex((choice) => choice.code === code);
    if (known >= 0) result[known] = { ...(result[known] as Choice), label: { ...result[known]?.label, ...label } };
    else if (!taken.has(code)) added.push({ code, ...(Object.keys(label).length > 0 && { label }) });
    taken.add(code);
  }
  return [...result.slice(0, at), ...added, ...result.slice(at)];
}
