/**
 * What is typed, read as the server's field types read it: to the value that a record would hold. Numbers stay text,
 * so that no digit is lost; dates and times become ISO text.
 */

import type { DateOrder, Marks, Reading, Words } from "../../api/types/forms.ts";
import { readDate } from "../../rules/dates.ts";
import { LongNumber, plainDigits } from "../../rules/exact.ts";
import { NO, YES } from "./aliases.ts";
import { EXACTLY, UNREADABLE } from "./texts.ts";

/** What is typed is no value of its field. */
export class Unreadable extends Error {
  readonly code: string;
  readonly words: Words;

  constructor(code: keyof typeof UNREADABLE, words: Words = UNREADABLE[code]) {
    super(words.en);
    this.code = code;
    this.words = words;
  }
}

const MOST_CHARACTERS = 400;
const LARGEST = 2n ** 63n - 1n;
const MOST_DIGITS = 28; // the server's arithmetic has no more
const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const AROUND = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const FOLDS: Readonly<Record<string, string>> = { "\u3000": " ", "\u2212": "-", "\u2013": "-", "\u3002": "." };
const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,4}))?$/;
const YEAR_FIRST = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\u5e74(\d{1,2})\u6708(\d{1,2})\u65e5)$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0{1,6})?)?$/;
const ZONE = /\d(Z|[+-]\d{2}:?\d{2})$/i;
const MOMENT = /^(\d{4}-\d\d-\d\d)[^](\d\d:\d\d(?::\d\d)?)$/;
/**
 * The value; null where nothing is typed. A choice is known by its code.
 *
 * Throws Unreadable.
 */
export function read(reading: Reading, typed: unknown): unknown {
  if (typed === null || typed === undefined) return null;
  if (reading.as === "choices") return readChoices(typed, reading.retired);
  const text = String(typed);
  switch (reading.as) {
    case "text":
      return checkedText(strip(text), reading.most);
    case "long_text":
      return strip(text) === "" ? null : checkedText(text, reading.most);
    case "choice":
      return strip(text) === "" ? null : inUse(text, reading.retired);
    case "datetime":
      return strip(text) === "" ? null : readMoment(text, reading.text_format);
    default:
      return readFolded(reading, folded(text));
  }
}

function readFolded(reading: Exclude<Reading, { as: "text" | "long_text" | "choice" | "choices" | "datetime" }>, text: string): unknown {
  if (text === "") return null;
  switch (reading.as) {
    case "boolean":
      return readBoolean(text);
    case "integer":
      return readInteger(text, reading);
    case "decimal":
      return readDecimal(text, reading.places, reading);
    case "number":
      return readDouble(text, reading);
    case "date":
      return readDay(text, reading.text_format);
    case "time":
      return readClock(text);
  }
}

function strip(text: string): string {
  return text.replace(AROUND, "");
}

/** Full-width letters, digits and signs as ASCII ones, without blanks around. */
function folded(text: string): string {
  return strip(text.replace(/[\uff01-\uff5e\u3000\u2212\u2013\u3002]/g, (sign) => FOLDS[sign] ?? String.fromCharCode(sign.charCodeAt(0) - 0xfee0)));
}

function checkedText(text: string, most: number): string | null {
  if (text === "") return null;
  if (text.length > most && [...text].length > most) throw counted("too_long", most);
  if (text.includes("\0")) throw new Unreadable("bad_character", EXACTLY.nul);
  if (/\p{Cs}/u.test(text)) throw new Unreadable("bad_character");
  return text;
}

function counted(code: "too_precise" | "too_long", most: number): Unreadable {
  const [n, { zh, en }] = [most.toLocaleString("en-US"), UNREADABLE[code]];
  return new Unreadable(code, { zh: zh.replace("{n}", n), en: en.replace("{n}", n) });
}

function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (!YES.includes(word) && !NO.includes(word)) throw new Unreadable("not_boolean");
  return YES.includes(word);
}

function readInteger(text: string, marks: Marks): string {
  const number = exactNumber(text, marks);
  const digits = plainDigits(number);
  if (/^-?\d{21,}/.test(digits)) throw new Unreadable("out_of_range");
  if (digits.includes(".")) throw new Unreadable("not_whole");
  const whole = BigInt(digits);
  if (whole > LARGEST || whole < -LARGEST - 1n) throw new Unreadable("out_of_range");
  return digits;
}

function readDecimal(text: string, places: number, marks: Marks): string {
  const number = exactNumber(text, marks);
  const [whole = "", part = ""] = plainDigits(number).replace("-", "").split(".");
  if (whole !== "0" && whole.length + places > MOST_DIGITS) throw new Unreadable("out_of_range");
  if (part.length > places) throw counted("too_precise", places);
  if (BigInt(whole + part.padEnd(places, "0")) > LARGEST) throw new Unreadable("out_of_range");
  return plainDigits(number);
}

function readDouble(text: string, marks: Marks): number {
  const number = Number(numberText(text, marks));
  if (!Number.isFinite(number)) throw new Unreadable("out_of_range");
  return number;
}

function exactNumber(text: string, marks: Marks): LongNumber {
  const [, sign, whole = "", part = "", alone = "", exponent = "0"] = NUMBER.exec(numberText(text, marks)) ?? [];
  const units = BigInt(whole + part + alone);
  return new LongNumber(sign === "-" ? -units : units, (part + alone).length - Number(exponent));
}

/** A plain number: "1.234,5" is "1234.5" where these are the marks. */
function numberText(text: string, { decimal_mark: mark = ".", thousands = "" }: Marks): string {
  let clean = text;
  if (thousands && new RegExp(`^[+-]?\\d{1,3}(?:\\${thousands}\\d{3})+(?!\\d)`).test(clean)) clean = clean.replaceAll(thousands, "");
  const foreign = mark !== "." && clean.includes(".");
  if (mark !== ".") clean = clean.replaceAll(mark, ".");
  if (!foreign && clean.length <= MOST_CHARACTERS && NUMBER.test(clean)) return clean;
  throw new Unreadable("not_a_number");
}

function readDay(text: string, order: DateOrder = "ymd"): string {
  const first = YEAR_FIRST.exec(text);
  if (first) return dayOf(first[1], first[3] ?? first[5], first[4] ?? first[6]);
  const compact = order === "ymd" ? COMPACT.exec(text) : null;
  if (compact) return dayOf(compact[1], compact[2], compact[3]);
  const last = order === "ymd" ? null : YEAR_LAST.exec(text);
  if (!last) throw new Unreadable("not_a_date");
  return order === "dmy" ? dayOf(last[4], last[3], last[1]) : dayOf(last[4], last[1], last[3]);
}

function dayOf(year = "", month = "", day = ""): string {
  const found = readDate(`${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
  if (found === null) throw new Unreadable("not_a_date");
  return found;
}

function readClock(text: string): string {
  const [found, hour = "", minute = "", second = "00"] = TIME.exec(text) ?? [];
  if (found === undefined && ZONE.test(text)) throw new Unreadable("time_zone");
  if (found === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    throw new Unreadable("not_a_time");
  }
  return `${hour.padStart(2, "0")}:${minute}:${second}`;
}

function readMoment(text: string, order?: DateOrder): string {
  const iso = MOMENT.exec(text);
  const clean = iso ? `${iso[1]} ${iso[2]}` : folded(text);
  const split = /\s*[T\s]\s*/.exec(clean);
  if (!split) throw new Unreadable("no_time");
  const day = readDay(clean.slice(0, split.index), order);
  return `${day}T${readClock(clean.slice(split.index + split[0].length))}`;
}

function readChoices(typed: unknown, retired: readonly string[]): string[] | null {
  const codes = (Array.isArray(typed) ? typed : [typed]).map(String).filter((code) => strip(code) !== "");
  const chosen = [...new Set(codes.map((code) => inUse(code, retired)))];
  return chosen.length > 0 ? chosen : null;
}

function inUse(code: string, retired: readonly string[]): string {
  if (retired.includes(code)) throw new Unreadable("inactive_choice");
  return code;
}
