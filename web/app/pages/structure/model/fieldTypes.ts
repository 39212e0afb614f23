/** The types a field may have, as the server's registry names them, and what each of them takes. */

import type { FieldType } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { ALIASES } from "./aliases";
import { TYPES } from "./texts";

/** "reference" is no type of a definition: the tree of record types makes references. */
export type DefinedType = Exclude<FieldType, "reference">;

export const FIELD_TYPES = Object.keys(TYPES) as DefinedType[];

export const typeLabel = (type: string): Label => (Object.hasOwn(TYPES, type) ? TYPES[type as DefinedType] : { zh: type, en: type });

/** A type by its code, its name in either language, or a word that others use for it. */
export function typeNamed(name: string): DefinedType | null {
  const word = name.trim().toLowerCase();
  const code = word.replace(/[\s-]+/g, "_");
  if (Object.hasOwn(TYPES, code)) return code as DefinedType;
  const named = FIELD_TYPES.find((type) => TYPES[type].zh === word || TYPES[type].en.toLowerCase() === word);
  return named ?? (Object.hasOwn(ALIASES, word) ? (ALIASES[word as keyof typeof ALIASES] as DefinedType) : null);
}

/** The types that a word leads to: by the start of a name or code, or by what others call them; all for none. */
export function typesLike(sought: string): DefinedType[] {
  const word = sought.trim().toLowerCase();
  if (word === "") return FIELD_TYPES;
  const starts = FIELD_TYPES.filter((type) => [type, TYPES[type].zh, TYPES[type].en.toLowerCase()].some((name) => name.startsWith(word)));
  const holds = FIELD_TYPES.filter((type) => [type, TYPES[type].zh, TYPES[type].en.toLowerCase()].some((name) => name.includes(word)));
  const alias = typeNamed(word);
  return [...new Set([...(alias ? [alias] : []), ...starts, ...holds])];
}

export const takesChoices = (type: string): boolean => type === "choice" || type === "multi_choice";
export const takesRange = (type: string): boolean => ["integer", "decimal", "float", "date", "datetime", "time"].includes(type);
export const takesUnit = (type: string): boolean => ["integer", "decimal", "float", "calculated"].includes(type);
/** Whether "today" and "now" may be its bounds. */
export const isMoment = (type: string): boolean => ["date", "datetime", "time"].includes(type);
export const mayBeKey = (type: string): boolean => !["long_text", "multi_choice", "calculated"].includes(type);
