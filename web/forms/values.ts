/** Values as the application and as the renderer have them. Both keep text as it was typed. */

import { formatLocal } from "../shared/format/dates";
import { formatNumber } from "../shared/format/numbers";
import { boxOf, type ComponentSchema } from "./schema";
import type { Words } from "./texts";

/** What the renderer holds for a value; "" where there is none, so that nothing of an earlier record stays. */
export function toRenderer(field: ComponentSchema, value: unknown, words: Words): unknown {
  if (field.type === "selectboxes") {
    const held = new Set(listOf(value));
    return Object.fromEntries((field.codes ?? []).map((code, place) => [boxOf(place), held.has(code)]));
  }
  if (field.multiple) return listOf(value);
  if (value === null || value === undefined) return "";
  if (field.properties?.entry === "calculated") return resultText(value, words);
  return field.properties?.entry === "datetime" ? formatLocal(String(value)) : String(value);
}

/** The value as it is sent: text, a list of codes, or null for none. */
export function fromRenderer(field: ComponentSchema, value: unknown): string | string[] | null {
  if (field.type === "selectboxes") {
    const boxes = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    const ticked = (field.codes ?? []).filter((_, place) => boxes[boxOf(place)] === true);
    return ticked.length > 0 ? ticked : null;
  }
  if (field.multiple) {
    const codes = listOf(value);
    return codes.length > 0 ? codes : null;
  }
  if (value === null || value === undefined || value === "") return null;
  return field.properties?.entry === "datetime" ? writtenMoment(String(value)) : String(value);
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return value === null || value === undefined || value === "" ? [] : [String(value)];
}

/** A moment as it is stored; what is not written like one is sent as it was typed, for the server to refuse. */
function writtenMoment(text: string): string {
  return text.trim().replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)(:\d\d)?$/, (_, day: string, time: string, seconds = ":00") =>
    `${day}T${time}${seconds}`,
  );
}

function resultText(value: unknown, words: Words): string {
  if (typeof value === "boolean") return words(value ? "yes" : "no");
  return typeof value === "number" ? formatNumber(value) : formatLocal(String(value));
}
