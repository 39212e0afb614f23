/** A report in figures and groups: what came over, and what did not, by what it is and why. */

import type { ImportReport, ReportItem } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";

export interface Figure {
  name: "recordTypes" | "fields" | "valueSets" | "forms" | "events" | "ranges" | "rules" | "calculations";
  value: number;
  /** Of how many in the source, where not all came over or the source calls them otherwise. */
  of: number | null;
}

/** The figures that a report has, in the order in which they are read. */
export function figures({ counts }: Pick<ImportReport, "counts">): Figure[] {
  const all: [Figure["name"], string, string | null][] = [
    ["recordTypes", "record types", null],
    ["fields", "fields", "variables"],
    ["valueSets", "value sets", null],
    ["forms", "forms", null],
    ["events", "events", null],
    ["rules", "branching rules translated", "branching rules"],
    ["calculations", "calculations translated", "calculations"],
    ["ranges", "ranges", null],
  ];
  return all
    .filter(([, value, of]) => (counts[value] ?? 0) > 0 || (of !== null && (counts[of] ?? 0) > 0))
    .map(([name, value, of]) => ({ name, value: counts[value] ?? 0, of: of === null ? null : (counts[of] ?? null) }));
}

export interface Group {
  key: string;
  what: Label;
  reason: Label;
  items: ReportItem[];
}

/** Items that are alike but for a name in quotes: those about a field that can be mended first, then the most frequent. */
export function grouped(items: readonly ReportItem[]): Group[] {
  const groups = new Map<string, Group>();
  for (const item of items) {
    const what = { zh: general(item.what.zh), en: general(item.what.en) };
    const key = `${what.en}\n${item.reason.en}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { key, what, reason: item.reason, items: [item] });
  }
  const mendable = ({ items: [first] }: Group) => Number(Boolean(first?.field));
  return [...groups.values()].sort((a, b) => mendable(b) - mendable(a) || b.items.length - a.items.length);
}

/** `列“Body System”（744 行有值）` -> `列`. */
function general(text: string): string {
  return text.replace(/\s*“[^”]*”/g, "").replace(/\s*（[^）]*行有值）|\s*\(\d+ rows? ha(ve|s) a value\)/g, "").trim();
}

/** Items in which every word of `wanted` occurs, in any of their texts. */
export function found(items: readonly ReportItem[], wanted: string): ReportItem[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  return items.filter(({ where, what, reason, text, field }) => {
    const all = [where, what.zh, what.en, reason.zh, reason.en, text, field ?? ""].join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
