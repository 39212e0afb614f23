/** What becomes of a rule's result: the value that is stored, and whether a value is within its field's range. */

import type { Cast, Range } from "../../api/types/forms.ts";
import type { Context } from "../../rules/context.ts";
import { dateOf } from "../../rules/dates.ts";
import { compareExact, type Exact, LongNumber, plainDigits, readExact } from "../../rules/exact.ts";
import type { ValueType } from "../../rules/program.ts";
import { READERS } from "../../rules/values.ts";

const SURE_DIGITS = 15; // what a JSON number holds for certain; longer ones are text
const LARGEST = 2n ** 63n - 1n; // units that are stored
const NUMBERS: ReadonlySet<string> = new Set(["integer", "decimal", "number"]);

/** The result of a calculation as its field stores it. */
export function castTo(cast: Cast, result: unknown): unknown {
  if (result === null) return null;
  switch (cast.to) {
    case "decimal":
      return rounded(toNumber(result), cast.places);
    case "integer":
      return whole(result);
    case "number":
      return toNumber(result);
    case "date":
      return typeof result === "string" ? dateOf(result) : result;
    case "stored":
      return result;
  }
}

/** Without its fraction; missing beyond what is stored. */
function whole(result: unknown): number | string | null {
  const cut = typeof result === "string" ? result.replace(/\..*/, "") : Math.trunc(toNumber(result));
  const units = typeof cut === "string" || Number.isFinite(cut) ? BigInt(cut) : null;
  return units !== null && -LARGEST - 1n <= units && units <= LARGEST ? cut : null;
}

function toNumber(result: unknown): number {
  const exact = readExact(result) ?? NaN;
  return exact instanceof LongNumber ? exact.toNumber() : exact;
}

/** Half away from zero, of the digits that a double is written with; missing beyond what is stored. */
function rounded(value: number, places: number): number | string | null {
  const [whole = "", part = ""] = plainDigits(value).replace("-", "").split(".");
  const up = (part[places] ?? "0") >= "5" ? 1n : 0n;
  const units = BigInt(whole + part.slice(0, places).padEnd(places, "0")) + up;
  if (units > LARGEST) return null;
  const digits = String(units).padStart(places + 1, "0");
  const text = (value < 0 ? "-" : "") + digits.slice(0, digits.length - places) + (places > 0 ? `.${digits.slice(-places)}` : "");
  return String(units).length <= SURE_DIGITS ? Number(text) : text;
}

/** Which bound of the range the value breaks. */
export function broken(range: Range, value: unknown, context: Context): "below" | "above" | null {
  const found = READERS[range.type as ValueType](value);
  if (found === null) return null;
  const compare = NUMBERS.has(range.type) ? compareNumbers : compareTexts;
  if (range.low !== null && compare(found, bound(range.type, range.low, "00:00:00", context)) < 0) return "below";
  if (range.high !== null && compare(found, bound(range.type, range.high, "23:59:59", context)) > 0) return "above";
  return null;
}

const compareNumbers = (value: unknown, limit: unknown): number => compareExact(value as Exact, readExact(limit) ?? 0);
const compareTexts = (value: unknown, limit: unknown): number => ((value as string) < (limit as string) ? -1 : Number((value as string) > (limit as string)));

/** `edge` is the moment that "today" means for a field with a time: the day's first or last. */
function bound(type: string, limit: number | string, edge: string, { now }: Context): number | string {
  if (limit !== "today" && limit !== "now") return limit;
  if (type === "date") return dateOf(now);
  if (type === "time") return limit === "today" ? edge : now.slice("2026-03-05T".length);
  return limit === "today" ? `${dateOf(now)}T${edge}` : now;
}

