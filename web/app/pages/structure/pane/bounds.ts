/** Minimum and maximum as they are typed. */

import { isMoment } from "../model/fieldTypes";

const WORDS: Readonly<Record<string, string>> = { 今天: "today", 现在: "now", today: "today", now: "now" };

/** What to store for `typed`: null for nothing, undefined where it can be no bound of that type. */
export function boundOf(typed: string, type: string): number | string | null | undefined {
  const word = typed.trim();
  if (word === "") return null;
  if (isMoment(type) || type === "calculated") return WORDS[word.toLowerCase()] ?? (type === "calculated" ? (numberOf(word) ?? word) : word);
  return numberOf(word);
}

function numberOf(word: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : undefined;
}
