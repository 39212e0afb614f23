/** The masking types one may choose: those that libraries use, and those that the database itself names. */

import type { DatabaseDocument } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { MASKINGS } from "../model/texts";

export function maskingsOf({ record_types }: DatabaseDocument): string[] {
  const used = record_types.flatMap(({ fields }) => fields.flatMap(({ masking }) => (masking ? [masking] : [])));
  return [...new Set([...Object.keys(MASKINGS), ...used])];
}

export function maskingLabel(code: string): Label {
  const known: Readonly<Record<string, Label>> = MASKINGS;
  return Object.hasOwn(known, code) ? (known[code] as Label) : { zh: code, en: code };
}
