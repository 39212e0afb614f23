/** Text by code point, letters folded in ASCII only: a rare Chinese character is one character and orders as such. */

const BLANKS = " \t\r\n\u3000";
const NUMBER = /^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?$/;
const SURROGATE = /[\ud800-\udfff]/;
const MOST_CHARACTERS = 1_000_000;
const MOST_COUNT = 1e9;

export const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
export const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
export const textNumber = (text: string): number | null => (NUMBER.test(text) ? Number(text) : null);

export function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && BLANKS.includes(text.charAt(start))) start += 1;
  while (start < end && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Below zero, zero or above zero, by code point; UTF-16 itself would put U+1D49C before U+FF71. */
export function compareText(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  for (let at = 0; at < end; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** A code unit's place in the order of code points: surrogates stand for the ones above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function length(text: string): number {
  return SURROGATE.test(text) ? Array.from(text).length : text.length;
}

/** Characters from `start` (0 is the first) up to and without `end`. */
function slice(text: string, start: number, end: number): string {
  return SURROGATE.test(text) ? Array.from(text).slice(start, end).join("") : text.slice(start, end);
}

export function substring(text: string, start: number, count: number): string {
  return slice(text, start - 1, start - 1 + count);
}

export function left(text: string, count: number): string {
  return slice(text, 0, whole(count));
}

export function right(text: string, count: number): string {
  const size = length(text);
  return slice(text, Math.max(size - whole(count), 0), size);
}

function whole(count: number): number {
  return Math.max(Math.trunc(Math.min(count, MOST_COUNT)), 0);
}

export function concat(...texts: string[]): string | null {
  const size = texts.reduce((sum, text) => sum + length(text), 0);
  return size > MOST_CHARACTERS ? null : texts.join("");
}

export function replace(text: string, old: string, by: string): string | null {
  if (length(text) * Math.max(length(by), 1) > MOST_CHARACTERS) return null;
  return old ? text.split(old).join(by) : text;
}

/** Where the part first begins, from 1; 0 where it is absent. */
export function position(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 0 : length(text.slice(0, at)) + 1;
}

/** The part with that number, from 1, of `text` cut at each `separator`. */
export function textPart(text: string, separator: string, number: number): string | null {
  const parts = separator ? text.split(separator) : [text];
  return parts[number - 1] ?? null;
}

export function contains(text: string, part: string): boolean {
  return lower(text).includes(lower(part));
}

export function startsWith(text: string, part: string): boolean {
  return lower(text).startsWith(lower(part));
}
