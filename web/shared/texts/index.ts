/** The interface's texts: both languages side by side under one key, so that none can be missing. */

export type Language = "zh-CN" | "en";

export const LANGUAGES: readonly Language[] = ["zh-CN", "en"];

/** A name or sentence in both languages, as definitions carry it too. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

/** A text whose English differs for one and many; which one is said by the value of `{n}`. */
export interface CountedLabel {
  readonly zh: string;
  readonly en: { readonly one: string; readonly other: string };
}

export type Text = Label | CountedLabel;
export type Texts = Readonly<Record<string, Text>>;

type Named<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;

/** The placeholders of a text, e.g. "n" for "共 {n} 条". */
export type Placeholder<T extends Text> = Named<T["zh"]>;

export type Values<T extends Text> = Record<Placeholder<T>, string | number>;

/** Looks up a key of `T`, filling in the placeholders that its text has. */
export type Lookup<T extends Texts> = <K extends keyof T & string>(
  key: K,
  ...values: Placeholder<T[K]> extends never ? [] : [Values<T[K]>]
) => string;

/** Declares the texts of one page or component; keeps keys and placeholders as types. */
export function defineTexts<const T extends Texts>(texts: T): T {
  return texts;
}

/** A key that no text has: a mistake in the program, as typed callers can't make it. */
export class MissingText extends Error {
  constructor(key: string) {
    super(`No text for "${key}".`);
    this.name = "MissingText";
  }
}

/** The lookup of `texts` in the language that `language()` gives at the time of each call. */
export function lookupIn<T extends Texts>(texts: T, language: () => Language): Lookup<T> {
  return (key, ...values) => {
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
    if (text === undefined) throw new MissingText(key);
    return fill(template(text, language(), values[0]), values[0] ?? {});
  };
}

function template(text: Text, language: Language, values?: Record<string, string | number>): string {
  if (language === "zh-CN") return text.zh;
  if (typeof text.en === "string") return text.en;
  return String(values?.n) === "1" ? text.en.one : text.en.other;
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The label in `language`, else in the other one, else "". Definitions may leave one language empty. */
export function pickLabel(label: Partial<Label> | null | undefined, language: Language): string {
  const [first, second] = language === "zh-CN" ? [label?.zh, label?.en] : [label?.en, label?.zh];
  return first?.trim() || second?.trim() || "";
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
