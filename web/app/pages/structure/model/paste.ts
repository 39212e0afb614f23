/** Fields from lines copied out of a spreadsheet: code, Chinese name, English name, type, unit. */

import type { FieldDocument, FieldType } from "../../../../shared/api/types";
import { codeFault, codeOf, freeCode, LONGEST_NAME, LONGEST_UNIT } from "./codes";

export type PasteNote = "codeMade" | "codeChanged" | "typeUnknown" | "nameLong" | "unitLong" | "nothing";

export interface PastedField {
  /** Counted from 1, as in the spreadsheet. */
  line: number;
  field: FieldDocument;
  /** What was made of it that its author should look at. */
  notes: PasteNote[];
  /** What stood in the code's cell, where another code was made of it. */
  code: string;
}

export interface Pasted {
  fields: PastedField[];
  /** Lines with neither a code nor a name. */
  empty: number[];
}

const HEADING = /^(code|field( ?code)?|variable( ?name)?|name|编码|代码|字段(编码|代码)?|变量名?)$/i;

/** Cells of copied lines; a cell in quotes may hold tabs and line ends, as spreadsheets write them. */
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    rows.at(-1)?.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
    if (match[3] === "") break;
    if (match[3] !== "\t") rows.push([]);
  }
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell === "")) rows.pop();
  return rows;
}

/** @param typeNamed finds a type by its code or its name in either language. */
export function fieldsFrom(rows: readonly string[][], taken: Iterable<string>, typeNamed: (name: string) => FieldType | null): Pasted {
  const used = new Set(taken);
  const fields: PastedField[] = [];
  const empty: number[] = [];
  const start = HEADING.test(rows[0]?.[0] ?? "") ? 1 : 0;
  rows.slice(start).forEach((cells, i) => {
    const line = i + start + 1;
    const made = fieldFrom(cells, line, used, typeNamed);
    if (!made) return void empty.push(line);
    used.add(made.field.code);
    fields.push(made);
  });
  return { fields, empty };
}

function fieldFrom(cells: readonly string[], line: number, used: ReadonlySet<string>, typeNamed: (name: string) => FieldType | null): PastedField | null {
  const [code = "", zh = "", en = "", kind = "", unit = ""] = cells;
  if (!code && !zh && !en) return null;
  const notes: PasteNote[] = [];
  const wanted = codeFault(code, new Set()) === null ? code : codeOf(code) || codeOf(en) || `field_${line}`;
  const own = freeCode(wanted, used);
  if (own !== code) notes.push(code ? "codeChanged" : "codeMade");
  const type = kind ? typeNamed(kind) : "string";
  if (!type) notes.push("typeUnknown");
  const names = { zh: zh || (/[^\x20-\x7e]/.test(code) ? code : ""), en };
  if (names.zh.length > LONGEST_NAME || names.en.length > LONGEST_NAME) notes.push("nameLong");
  if (unit.length > LONGEST_UNIT) notes.push("unitLong");
  const label = Object.fromEntries(Object.entries(names).filter(([, name]) => name).map(([key, name]) => [key, name.slice(0, LONGEST_NAME)]));
  const field: FieldDocument = { code: own, type: type ?? "string" };
  if (Object.keys(label).length > 0) field.label = label;
  if (unit) field.unit = unit.slice(0, LONGEST_UNIT);
  return { line, field, notes, code };
}
