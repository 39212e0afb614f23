/** The record types as a tree: children under their parents, in the document's order. */

import type { RecordTypeDocument } from "../../../../shared/api/types";

export interface Branch {
  type: RecordTypeDocument;
  depth: number;
}

/** Depth first. A type whose parent is unknown, or that is its own ancestor, stands at the top: nothing is left out. */
export function branches(types: readonly RecordTypeDocument[]): Branch[] {
  const known = new Set(types.map(({ code }) => code));
  const children = new Map<string | null, RecordTypeDocument[]>();
  for (const type of types) {
    const parent = type.parent && known.has(type.parent) ? type.parent : null;
    children.set(parent, [...(children.get(parent) ?? []), type]);
  }
  const result: Branch[] = [];
  const seen = new Set<string>();
  const add = (type: RecordTypeDocument, depth: number) => {
    if (seen.has(type.code)) return;
    seen.add(type.code);
    result.push({ type, depth });
    for (const child of children.get(type.code) ?? []) add(child, depth + 1);
  };
  for (const type of children.get(null) ?? []) add(type, 0);
  for (const type of types) add(type, 0); // circles have no way in from above
  return result;
}

/** Types that may be the parent of `code`: all but itself and what lies below it. */
export function possibleParents(types: readonly RecordTypeDocument[], code: string): RecordTypeDocument[] {
  const parents = new Map(types.map((type) => [type.code, type.parent ?? null]));
  const isBelow = (start: string) => {
    const seen = new Set<string>();
    for (let at: string | null = start; at && !seen.has(at); at = parents.get(at) ?? null) {
      if (at === code) return true;
      seen.add(at);
    }
    return false;
  };
  return types.filter((type) => !isBelow(type.code));
}
