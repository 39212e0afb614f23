/** The fields and record types that a rule may name, and which one a path means, as the server finds it. */

import type { Database, DatabaseDocument } from "../../shared/api/types";
import { type Label, type Language, pickLabel } from "../../shared/texts";

export interface RuleField {
  code: string;
  label: Label;
  type: string;
  unit: string;
  choices: readonly { code: string; label: Label }[];
}

export interface RuleRecords {
  /** What it is known by while its code changes. */
  id: string;
  code: string;
  label: Label;
  parent: string | null;
  fields: readonly RuleField[];
}

export type Catalogue = readonly RuleRecords[];

/** Of a live database: the fields that the reader sees in clear, as rules may name no others. */
export function liveCatalogue({ record_types: types }: Pick<Database, "record_types">): Catalogue {
  return types.map(({ id, code, label, parent, fields }) => ({
    id, code, label, parent,
    fields: fields
      .filter(({ visibility }) => visibility === "show")
      .map((field) => ({ ...field, unit: field.unit ?? "", choices: field.choices ?? [] })),
  }));
}

const labelOf = (label: Partial<Label> | undefined): Label => ({ zh: label?.zh ?? "", en: label?.en ?? "" });

export function draftCatalogue({ record_types: types, value_sets: sets }: DatabaseDocument): Catalogue {
  return types.map(({ id, code, label, parent, fields }) => ({
    id: id ?? "", code, label: labelOf(label), parent: parent ?? null,
    fields: fields.map((field) => ({
      code: field.code, label: labelOf(field.label), type: field.type, unit: field.unit ?? "",
      choices: (sets?.[field.value_set ?? ""]?.choices ?? []).map((choice) => ({ code: choice.code, label: labelOf(choice.label) })),
    })),
  }));
}

/** Where a name is looked up: in the records that quantifiers range over, innermost first, then around the rule. */
export interface Surroundings {
  catalogue: Catalogue;
  inner: readonly RuleRecords[];
  own: RuleRecords | undefined;
}

export interface Named {
  records: RuleRecords;
  field: RuleField;
}

export function surroundingsOf(catalogue: Catalogue, type: string): Surroundings {
  return { catalogue, inner: [], own: catalogue.find(({ code }) => code === type) };
}

const isCalled = ({ code, label }: { code: string; label: Label }, name: string) => name !== "" && (code === name || label.zh === name || label.en === name);

/** The field with this code, or else the only one with this name. */
function fieldIn(records: RuleRecords, name: string): Named | undefined {
  const named = records.fields.filter((field) => isCalled(field, name));
  const field = named.find(({ code }) => code === name) ?? (named.length === 1 ? named[0] : undefined);
  return field && { records, field };
}

export function recordsNamed(catalogue: Catalogue, name: string): RuleRecords | undefined {
  return catalogue.find(({ code }) => code === name) ?? catalogue.find((each) => isCalled(each, name));
}

/** The records that a quantifier over `path` ranges over; of `exam.lesion` the last counts. */
export function relatedRecords(catalogue: Catalogue, path: string): RuleRecords | undefined {
  const named = splitPath(path).map((part) => recordsNamed(catalogue, part));
  return named.includes(undefined) ? undefined : named.at(-1);
}

export function splitPath(path: string): string[] {
  return path.split(".").map((part) => part.trim());
}

/** The rule's own record type and those above it, nearest first. */
export function nearRecords({ catalogue, own }: Surroundings): RuleRecords[] {
  const near: RuleRecords[] = [];
  for (let at = own; at && !near.includes(at); at = catalogue.find(({ code }) => code === near.at(-1)?.parent)) near.push(at);
  return near;
}

/** Record types in the order in which a name is looked up here: innermost first, each with those above it. */
export function recordsInReach(around: Surroundings): RuleRecords[] {
  const inside = around.inner.flatMap((_, i) => nearRanged(around, i));
  return [...new Set([...inside, ...nearRecords(around)])];
}

/** The ranged records at `i` and those above them that they share neither with the records around nor with all. */
function nearRanged({ catalogue, inner, own }: Surroundings, i: number): RuleRecords[] {
  const ranged = inner[i];
  const above = ranged ? nearRecords({ catalogue, inner: [], own: ranged }).slice(1) : [];
  const outer = inner.slice(i + 1).find((each) => above.includes(each)) ?? own;
  const shared = above.findIndex((each) => each === outer || each.parent === null);
  return ranged ? [ranged, ...above.slice(0, shared < 0 ? undefined : shared)] : [];
}

/** The field that a path means here. */
export function fieldNamed(path: string, around: Surroundings): Named | undefined {
  const name = splitPath(path).join(".");
  const [head = "", ...rest] = name.split(".");
  const named = rest.length > 0 ? recordsNamed(around.catalogue, head) : undefined;
  for (const records of recordsInReach(around)) {
    const found = fieldIn(records, name) ?? (records === named ? fieldIn(records, rest.join(".")) : undefined);
    if (found) return found;
  }
  return named && fieldIn(named, rest.join("."));
}

const isWritable = (name: string) => name.trim() !== "" && !/[[\]\uff3b\uff3d\u3010\u3011.\n]/.test(name);

/** How a reader of `language` would call it, then its code: Chinese names, or codes, as English names are long. */
function namesOf({ code, label }: { code: string; label: Label }, language: Language): string[] {
  const name = pickLabel({ zh: label.zh, en: "" }, language);
  return language === "zh-CN" && isWritable(name) ? [name, code] : [code];
}

/** The shortest path by which a rule written here reaches the field. */
export function pathTo({ records, field }: Named, around: Surroundings, language: Language): string {
  const short = namesOf(field, language);
  const long = namesOf(records, language).flatMap((head) => short.map((name) => `${head}.${name}`));
  return [...short, ...long].find((path) => fieldNamed(path, around)?.field === field) ?? `${records.code}.${field.code}`;
}

export function recordsPath(records: RuleRecords, catalogue: Catalogue, language: Language): string {
  return namesOf(records, language).find((name) => recordsNamed(catalogue, name) === records) ?? records.code;
}
