/** Where in a text the server's places are, and where the cursor goes when a rule is written anew. */

import type { Lexer } from "./lexer";

/** The index in UTF-16 units of a place that is counted in characters. */
export function indexOf(text: string, characters: number): number {
  let at = 0;
  for (let n = 0; n < characters && at < text.length; n++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

const CONTENT = new Set(["field", "name", "function", "text", "number", "moment", "duration", "constant"]);

/** The cursor of a text written anew stays at the same field, number or function. */
export function cursorAfter(before: string, cursor: number, after: string, { tokens }: Lexer): number {
  const content = (text: string) => tokens(text).filter(({ kind }) => CONTENT.has(kind));
  const passed = content(before).filter(({ from }) => from < cursor);
  const last = passed.at(-1);
  if (!last) return 0;
  const same = content(after)[passed.length - 1];
  if (!same) return after.length;
  return cursor >= last.to ? same.to + (cursor >= before.length ? after.length - same.to : 0) : Math.min(same.from + cursor - last.from, same.to);
}
