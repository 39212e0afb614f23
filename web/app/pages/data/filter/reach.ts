/** Which field a rule's path means here, as the server finds it, and which fields and records one may choose. */

import type { Database, Field, RecordType } from "../../../../shared/api/types";
import { isSeen, recordTypeOf } from "../fields";

export interface Reached {
  type: RecordType;
  field: Field;
}

/** What lies around a condition: the record type of the list, or of the related records it is about. */
export interface Surroundings {
  database: Database;
  type: RecordType;
  /** The record type of the list, where the condition is about related records. */
  outer?: RecordType;
}

export function ancestorsOf(database: Database, type: RecordType): RecordType[] {
  const above: RecordType[] = [];
  for (let at = type.parent; at !== null; at = above.at(-1)?.parent ?? null) {
    const parent = recordTypeOf(database, at);
    if (!parent || above.includes(parent)) break;
    above.push(parent);
  }
  return above;
}

/** The records themselves and those above them; of related records those that they share neither with the list's nor with all. */
function nearTypes({ database, type, outer }: Surroundings): RecordType[] {
  const above = ancestorsOf(database, type);
  const shared = outer ? above.findIndex((each) => each === outer || each.parent === null) : -1;
  return [type, ...(shared < 0 ? above : above.slice(0, shared))];
}

/** The field with this code, or else the only one with this name. */
function fieldOf(type: RecordType, name: string): Field | undefined {
  const named = type.fields.filter(({ label }) => label.zh === name || label.en === name);
  return type.fields.find(({ code }) => code === name) ?? (named.length === 1 ? named[0] : undefined);
}

export function typeNamed(database: Database, name: string): RecordType | undefined {
  const last = name.split(".").at(-1) ?? "";
  const types = database.record_types;
  return recordTypeOf(database, last) ?? types.find(({ label }) => label.zh === last || label.en === last);
}

export function reach(path: string, around: Surroundings): Reached | null {
  const { database, outer } = around;
  const near = nearTypes(around);
  for (const type of near) {
    const field = fieldOf(type, path);
    if (field) return { type, field };
  }
  const dot = path.indexOf(".");
  const type = dot > 0 ? typeNamed(database, path.slice(0, dot)) : undefined;
  const field = type && (!outer || near.includes(type)) ? fieldOf(type, path.slice(dot + 1)) : undefined;
  if (type && field) return { type, field };
  return outer ? reach(path, { database, type: outer }) : null;
}

export interface FieldOption extends Reached {
  path: string;
}

/** Fields that a filter may name: seen in clear, and comparable. */
export function isFilterable(field: Field): boolean {
  return isSeen(field) && field.visibility === "show" && field.operators.length > 0;
}

/** Fields to choose from, by record type: the records' own, those of records above, then those of other records. */
export function fieldChoices(around: Surroundings): { type: RecordType; near: boolean; options: FieldOption[] }[] {
  const { database, type, outer } = around;
  const near = nearTypes(around);
  const others = outer ? [] : relatedTypes(database, type);
  return [...near, ...others]
    .map((each) => ({ type: each, near: near.includes(each), options: optionsOf(each, around) }))
    .filter(({ options }) => options.length > 0);
}

function optionsOf(type: RecordType, around: Surroundings): FieldOption[] {
  return type.fields.filter(isFilterable).map((field) => {
    const short = reach(field.code, around);
    const path = short?.field === field ? field.code : `${type.code}.${field.code}`;
    return { type, field, path };
  });
}

/** Record types of which a record may have several: those that conditions on related records range over. */
export function relatedTypes(database: Database, type: RecordType): RecordType[] {
  const near = new Set([type, ...ancestorsOf(database, type)]);
  return database.record_types.filter((each) => !near.has(each) && each.storage !== "keyed");
}

/** Whether a choice's text fits what was typed: its name in either language, its code, its record type. */
export function matchesSearch({ field, type }: FieldOption, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const texts = [field.code, field.label.zh, field.label.en, type.label.zh, type.label.en].map((each) => each.toLowerCase());
  return words.every((word) => texts.some((each) => each.includes(word)));
}
