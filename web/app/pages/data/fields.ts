/** Fields as the pages of records need them: which are seen, which can be sorted by or filled in, in which order. */

import type { Database, Field, RecordType, StoredRecord } from "../../../shared/api/types";
import { MASKED } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import type { GridColumn } from "../../grid/columns";
import { isNumeric } from "../../components/valueWords";
import { texts } from "./texts";

export function isSeen(field: Field): boolean {
  return !field.hidden && field.visibility !== "hide";
}

export function seenFields(type: RecordType): Field[] {
  return type.fields.filter(isSeen);
}

/** What is masked can't be sorted by; what is identifying is stored encrypted, which has no order. */
export function isSortable(field: Field): boolean {
  return field.visibility === "show" && !field.identifying && field.type !== "multi_choice" && field.type !== "long_text";
}

export function recordTypeOf(database: Database, code: string): RecordType | undefined {
  return database.record_types.find((type) => type.code === code);
}

export function childTypes(database: Database, code: string): RecordType[] {
  return database.record_types.filter(({ parent, storage }) => parent === code && storage !== "keyed");
}

/** Record types that have rows a grid can show. */
export function listedTypes(database: Database): RecordType[] {
  return database.record_types.filter(({ storage }) => storage !== "keyed");
}

/** The key's value where it is in clear, else the record's number. */
export function recordName(type: RecordType, record: StoredRecord): string {
  const key = type.key ? record.values[type.key] : null;
  return key === null || key === undefined || key === MASKED ? `#${record.id}` : String(key);
}

export interface Section {
  heading: Label | null;
  fields: Field[];
}

/** The fields in the order and under the headings of the type's first form; what no form asks for comes last. */
export function sectionsOf(database: Database, type: RecordType): Section[] {
  const left = new Map(seenFields(type).map((field) => [field.code, field]));
  const sections: Section[] = [{ heading: null, fields: [] }];
  const form = database.forms.find(({ record_type }) => record_type === type.code);
  for (const item of form?.items ?? []) {
    if ("section" in item) sections.push({ heading: item.section, fields: [] });
    if (!("field" in item)) continue;
    const field = left.get(item.field);
    if (field && left.delete(item.field)) sections.at(-1)?.fields.push(field);
  }
  if (left.size > 0) sections.push({ heading: form ? texts.otherFields : null, fields: [...left.values()] });
  return sections.filter(({ fields }) => fields.length > 0);
}

type Latest = (record: StoredRecord) => StoredRecord;

/**
 * The grid's columns of a record type: its fields, then who changed the record and when.
 *
 * @param latest gives the record as it was last saved from this page, if it was.
 */
export function gridColumns(type: RecordType, latest: Latest): GridColumn<StoredRecord>[] {
  const first = type.key ?? seenFields(type)[0]?.code;
  return [...seenFields(type).map((field) => fieldColumn(field, field.code === first, latest)), ...systemColumns(type, latest)];
}

function fieldColumn(field: Field, pinned: boolean, latest: Latest): GridColumn<StoredRecord> {
  return {
    code: field.code,
    label: field.label,
    field,
    value: (record) => latest(record).values[field.code],
    missing: (record) => latest(record).missing[field.code],
    sortable: isSortable(field),
    pinned,
    width: widthOf(field),
  };
}

function widthOf(field: Field): number {
  if (field.type === "long_text") return 280;
  if (field.type === "multi_choice") return 180;
  if (isNumeric(field) || field.type === "boolean" || field.type === "date") return 120;
  return field.type === "string" && Number(field.options.max_length) <= 20 ? 180 : 140; // as long as an ID number
}

function systemColumns(type: RecordType, latest: Latest): GridColumn<StoredRecord>[] {
  const columns: GridColumn<StoredRecord>[] = [
    { code: "updated_at", label: texts.updatedAt, value: (record) => latest(record).updated_at, sortable: true, width: 150 },
    { code: "updated_by", label: texts.updatedBy, value: (record) => latest(record).updated_by, width: 110 },
    { code: "id", label: texts.recordNumber, value: ({ id }) => id, hidden: true, width: 100 },
  ];
  if (type.repeats) {
    columns.unshift({ code: "repeat_key", label: texts.repeatKey, value: (record) => record.repeat_key, hidden: true, width: 80 });
  }
  if (type.events.length > 0) {
    columns.unshift({ code: "event", label: texts.event, value: (record) => record.event, width: 120 });
  }
  return columns;
}
