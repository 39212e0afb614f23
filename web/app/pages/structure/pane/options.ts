/** The options of each field type, as the server's types declare them. */

import type { Label } from "../../../../shared/texts";
import { DECIMAL_MARKS, FORMATS, PRECISIONS, RESULTS, TEXT_FORMATS, THOUSANDS } from "../model/texts";

export type OptionName = "max_length" | "pattern" | "format" | "scale" | "decimal_mark" | "thousands" | "text_format" | "precision" | "result";

export type Option =
  | { name: OptionName; kind: "number"; least: number; most: number; usual?: number }
  | { name: OptionName; kind: "text" }
  | { name: OptionName; kind: "choice"; choices: Readonly<Record<string, Label>> };

const number = (name: OptionName, least: number, most: number, usual?: number): Option => ({ name, kind: "number", least, most, ...(usual !== undefined && { usual }) });
const choice = (name: OptionName, choices: Readonly<Record<string, Label>>): Option => ({ name, kind: "choice", choices });
const MARKS = [choice("decimal_mark", DECIMAL_MARKS), choice("thousands", THOUSANDS)];

const OPTIONS: Readonly<Record<string, readonly Option[]>> = {
  string: [number("max_length", 1, 10_000), choice("format", FORMATS), { name: "pattern", kind: "text" }],
  long_text: [number("max_length", 1, 10_000_000)],
  integer: MARKS,
  decimal: [number("scale", 0, 12, 2), ...MARKS],
  float: MARKS,
  date: [choice("text_format", TEXT_FORMATS)],
  datetime: [choice("text_format", TEXT_FORMATS), choice("precision", PRECISIONS)],
  time: [choice("precision", PRECISIONS)],
  calculated: [choice("result", RESULTS)],
};

export const optionsOf = (type: string): readonly Option[] => OPTIONS[type] ?? [];

/** The options with one of them set, or taken away by null; null when none is left. */
export function withOption(options: Record<string, unknown> | undefined, name: string, value: unknown): Record<string, unknown> | null {
  const rest = Object.fromEntries(Object.entries(options ?? {}).filter(([key]) => key !== name));
  const next = value === null || value === undefined ? rest : { ...rest, [name]: value };
  return Object.keys(next).length > 0 ? next : null;
}
