/** Looks up the interface's texts by key, in Chinese or English. */

import { en } from "./en";
import { zh } from "./zh";

export type Language = "zh-CN" | "en";
export type TextKey = keyof typeof zh;

const TABLES: Record<Language, Record<string, string>> = { "zh-CN": zh, en };

/** A key that no text table has: a mistake in the program, as typed callers can't make it. */
export class MissingText extends Error {
  constructor(key: string, language: Language) {
    super(`No ${language} text for "${key}".`);
    this.name = "MissingText";
  }
}

/** The lookup for one language. It throws `MissingText` for an unknown key. */
export function textsIn(language: Language): (key: TextKey) => string {
  const table = TABLES[language];
  return (key) => {
    const text = Object.hasOwn(table, key) ? table[key] : undefined;
    if (text === undefined) throw new MissingText(key, language);
    return text;
  };
}

/** The first of the browser's languages (BCP 47 tags) that we speak; Chinese if we speak none. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "zh") return "zh-CN";
    if (primary === "en") return "en";
  }
  return "zh-CN";
}
