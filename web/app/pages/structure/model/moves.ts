/** The edits that move fields of a record type. */

import type { Edit } from "../../../../shared/api/types";

/** `chosen`, in their order, put together at `gap`: before the field that is there now, counted from 0. */
export function moveTo(type: string, codes: readonly string[], chosen: ReadonlySet<string>, gap: number): Edit[] {
  const moving = codes.filter((code) => chosen.has(code));
  const before = codes.slice(gap).find((code) => !chosen.has(code));
  const others = codes.filter((code) => !chosen.has(code));
  const at = before === undefined ? others.length : others.indexOf(before);
  const wanted = [...others.slice(0, at), ...moving, ...others.slice(at)];
  if (wanted.every((code, i) => code === codes[i])) return [];
  const place = before === undefined ? {} : { before };
  return moving.map((field) => ({ edit: "move_field", record_type: type, field, ...place }));
}

/** One place up (-1) or down (1); nothing at the end. */
export function moveBy(type: string, codes: readonly string[], chosen: ReadonlySet<string>, step: -1 | 1): Edit[] {
  const places = codes.flatMap((code, i) => (chosen.has(code) ? [i] : []));
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return [];
  return moveTo(type, codes, chosen, step === -1 ? Math.max(0, first - 1) : Math.min(codes.length, last + 2));
}
