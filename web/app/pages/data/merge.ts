/** Two people changed one record: what each of them changed since the version both had read, and one result. */

import type { Field, StoredRecord } from "../../../shared/api/types";
import { type Answer, type Answers, answerOf, sameAnswer } from "./entry";

export type Side = "mine" | "theirs";

export interface Conflict {
  field: Field;
  mine: Answer;
  theirs: Answer;
}

export interface Merge {
  /** Both changed them, differently: someone has to choose. */
  conflicts: Conflict[];
  /** Only the other one changed them; they are taken over. */
  taken: { field: Field; theirs: Answer }[];
}

/**
 * @param base what was read. @param mine what is typed now. @param theirs the record as it is stored now.
 * @param changed codes that the server says were changed since; needed for masked fields, whose values don't tell.
 */
export function mergeOf(
  fields: readonly Field[], base: Answers, mine: Answers, theirs: StoredRecord, changed: readonly string[],
): Merge {
  const merge: Merge = { conflicts: [], taken: [] };
  for (const field of fields) {
    const [was, is] = [base[field.code], mine[field.code]];
    if (!was || !is) continue;
    const now = answerOf(field, theirs);
    const theyChanged = !sameAnswer(was, now) || (field.visibility === "mask" && changed.includes(field.code));
    if (!theyChanged || sameAnswer(is, now)) continue;
    if (sameAnswer(was, is)) merge.taken.push({ field, theirs: now });
    else merge.conflicts.push({ field, mine: is, theirs: now });
  }
  return merge;
}

/** What is typed, with the other one's changes in it; of conflicts, the side chosen (mine where none is). */
export function merged(mine: Answers, merge: Merge, chosen: Readonly<Record<string, Side>>): Answers {
  const result = { ...mine };
  for (const { field, theirs } of merge.taken) result[field.code] = theirs;
  for (const { field, theirs } of merge.conflicts) if (chosen[field.code] === "theirs") result[field.code] = theirs;
  return result;
}
