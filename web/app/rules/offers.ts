/** What can be written at a spot: fields, records, choices, functions, words, each as it is shown and inserted. */

import type { RuleFunction } from "../../shared/api/types";
import { type Language, pickLabel } from "../../shared/texts";
import { type Named, nearRecords, pathTo, recordsInReach, recordsNamed, recordsPath, relatedRecords, type RuleRecords, splitPath, type Surroundings } from "./catalogue";
import type { Spot } from "./spot";
import { functionName, signatureOf, type Words } from "./vocabulary";

export interface Offer {
  kind: "field" | "records" | "value" | "function" | "word" | "operator";
  label: string;
  detail: string;
  /** The text in the place of what was typed; the cursor goes to `cursor`, else behind it. */
  insert: string;
  cursor?: number;
  help?: RuleFunction;
}

interface Ranked {
  offer: Offer;
  rank: number;
}

const MOST = 80; // shown at once; typing narrows them

export function offersAt(spot: Spot, words: Words, language: Language): Offer[] {
  const typed = spot.typed.trim().toLowerCase();
  const found =
    spot.kind === "field" ? paths(spot, words, typed, language)
    : spot.kind === "operator" ? [...(spot.isCounted ? units(words, typed, language) : []), ...operators(words, typed, language), ...wordOffers(words, typed, language, AFTER_OPERAND)]
    : spot.kind === "value" && (spot.compared || spot.typed) ? values(spot, words, typed, language)
    : operands(spot, words, typed, language);
  const seen = new Set<string>();
  return found
    .filter(({ rank, offer }) => rank > 0 && !seen.has(offer.insert) && seen.add(offer.insert))
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST)
    .map(({ offer }) => offer);
}

/** How well a name fits what was typed; 0: not at all. */
export function fit(typed: string, ...names: readonly string[]): number {
  if (!typed) return 1;
  return Math.max(...names.map((name) => fitOne(typed, name.toLowerCase())));
}

function fitOne(typed: string, name: string): number {
  if (name === typed) return 5;
  if (name.startsWith(typed)) return 4;
  if (name.split(/[\s_.]/).some((word) => word.startsWith(typed))) return 3;
  return name.includes(typed) ? 2 : 0;
}

function operands(spot: Spot, words: Words, typed: string, language: Language): Ranked[] {
  const offered = [...paths(spot, words, typed, language), ...functions(words, typed, language)];
  return [...offered, ...wordOffers(words, typed, language, BEFORE_OPERAND)];
}

/** Fields of the records around, then of others, and records where a quantifier may take them. */
function paths(spot: Spot, words: Words, typed: string, language: Language): Ranked[] {
  const { around } = spot;
  const called = words.functions.find(({ name, zh }) => spot.isFirst && [name, zh].includes(spot.call?.name.toLowerCase() ?? ""));
  const wantsRecords = called?.parameters[0]?.name === "records";
  const dot = typed.lastIndexOf(".");
  const head = dot > 0 ? relatedRecords(around.catalogue, spot.typed.trim().slice(0, dot)) : undefined;
  if (head) return within(head, spot, typed.slice(dot + 1), language);
  const near = recordsInReach(around);
  const others = around.catalogue.filter((each) => !near.includes(each));
  const ranged = around.catalogue.filter((each) => ![...around.inner, ...nearRecords(around)].includes(each));
  const fields = (records: RuleRecords, weight: number) =>
    records.fields.map((field) => fieldOffer({ records, field }, around, typed, language, weight));
  const records = ranged.map((each) => recordsOffer(each, around, typed, language, wantsRecords ? 0.6 : -0.3));
  return [...near.flatMap((each, i) => fields(each, 0.5 - i / 100)), ...records, ...(typed ? others.flatMap((each) => fields(each, -0.4)) : [])];
}

/** The fields of related records, for `max([lesion.size])`, by the way they were named. */
function within(head: RuleRecords, spot: Spot, typed: string, language: Language): Ranked[] {
  const written = spot.typed.trim();
  const start = written.slice(0, written.lastIndexOf("."));
  const below = spot.around.catalogue.filter(({ parent }) => parent === head.code);
  const fields = head.fields.map((field) => {
    const { offer, rank } = fieldOffer({ records: head, field }, { ...spot.around, inner: [head] }, typed, language, 0);
    const name = splitPath(offer.insert.slice(1, -1)).at(-1) ?? field.code;
    return { offer: { ...offer, insert: `[${start}.${name}]` }, rank };
  });
  const records = below.map((each) => {
    const { offer, rank } = recordsOffer(each, spot.around, typed, language, -0.2);
    return { offer: { ...offer, insert: `[${start}.${offer.insert.slice(1, -1)}]` }, rank };
  });
  return [...fields, ...records];
}

function fieldOffer(named: Named, around: Surroundings, typed: string, language: Language, weight: number): Ranked {
  const { field, records } = named;
  const rank = fit(typed, field.code, field.label.zh, field.label.en);
  if (rank === 0) return { offer: { kind: "field", label: "", detail: "", insert: "" }, rank };
  const name = pickLabel(field.label, language);
  const isOwn = records === around.own || around.inner[0] === records;
  const from = isOwn ? "" : pickLabel(records.label, language) || records.code;
  const detail = [name, field.unit, from].filter(Boolean).join(" \u00b7 ");
  return { offer: { kind: "field", label: field.code, detail, insert: `[${pathTo(named, around, language)}]` }, rank: rank + weight };
}

function recordsOffer(records: RuleRecords, around: Surroundings, typed: string, language: Language, weight: number): Ranked {
  const rank = fit(typed, records.code, records.label.zh, records.label.en);
  const insert = `[${recordsPath(records, around.catalogue, language)}]`;
  const known = recordsNamed(around.catalogue, records.code) === records;
  return { offer: { kind: "records", label: records.code, detail: pickLabel(records.label, language), insert }, rank: rank && known ? rank + weight : 0 };
}

function values(spot: Spot, words: Words, typed: string, language: Language): Ranked[] {
  const field = spot.compared?.field;
  const choices = (field?.choices ?? []).map(({ code, label }) => ({
    offer: { kind: "value" as const, label: quoted(code), detail: pickLabel(label, language), insert: quoted(code) },
    rank: fit(typed, code, label.zh, label.en) && 2 + fit(typed, code, label.zh, label.en),
  }));
  if (choices.length > 0 || !field) return choices;
  return field.type === "boolean" ? wordOffers(words, typed, language, (word) => word === "true" || word === "false") : operands(spot, words, typed, language);
}

const quoted = (code: string) => `'${code.replaceAll("'", "''")}'`;

function functions({ functions: all }: Words, typed: string, language: Language): Ranked[] {
  return all.map((help) => {
    const name = isAscii(typed) ? help.name : typed ? help.zh : functionName(help, language);
    const insert = `${name}()`;
    const cursor = help.parameters.length > 0 ? insert.length - 1 : undefined;
    const other = name === help.name ? help.zh : help.name;
    const label = signatureOf(help, name === help.name ? "en" : "zh-CN");
    return { offer: { kind: "function", label, detail: other, insert, cursor, help }, rank: fit(typed, help.name, help.zh) };
  });
}

const BEFORE_OPERAND = (word: string) => ["not", "true", "false", "missing"].includes(word);
const AFTER_OPERAND = (word: string) => !BEFORE_OPERAND(word) || word === "not";

/** Words in the language that is being typed, else in the reader's. */
function wordOffers({ words }: Words, typed: string, language: Language, isOffered: (word: string) => boolean): Ranked[] {
  const isEnglish = typed ? isAscii(typed) : language === "en";
  return words.filter(({ word }) => isOffered(word)).map(({ word, zh, en }) => {
    const [label, detail] = isEnglish ? [en, zh] : [zh, en];
    const isList = word === "in" || word === "not in";
    const insert = isList ? `${label} ()` : `${label} `;
    return { offer: { kind: "word", label, detail, insert, cursor: isList ? insert.length - 1 : undefined }, rank: fit(typed, zh, en) && fit(typed, zh, en) + 0.1 };
  });
}

function operators({ operators: all }: Words, typed: string, language: Language): Ranked[] {
  return all.map(({ operator, zh }) => ({
    offer: { kind: "operator", label: operator, detail: language === "en" ? "" : zh, insert: `${operator} ` },
    rank: fit(typed, operator, zh) && fit(typed, operator, zh) + 0.2,
  }));
}

/** Units of durations, where something is typed: behind most numbers none is wanted. */
function units({ units: all }: Words, typed: string, language: Language): Ranked[] {
  const isEnglish = typed ? isAscii(typed) : language === "en";
  return all.map(({ zh, en }) => {
    const [label, detail] = isEnglish ? [en, zh] : [zh, en];
    return { offer: { kind: "word", label, detail, insert: `${label} ` }, rank: typed ? fit(typed, zh, en) : 0 };
  });
}

const isAscii = (text: string) => /^[\x20-\x7e]+$/.test(text);
