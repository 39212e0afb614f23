/** The edits that take others back, computed from the document they were made on. */

import type { DatabaseDocument, Edit } from "../../../../shared/api/types";
import { apply, fieldOf, typeOf } from "./apply";

/** In their order; null: only the whole document of before takes it back. */
type Inverse = (before: DatabaseDocument, edit: Edit) => Edit | Edit[] | null;

const formerly = (item: object, set: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(set).map((key) => [key, (item as Record<string, unknown>)[key] ?? null]));

/** The forms that show a field get back just the items they had: its place, its widget. */
const itemsOfForms = (document: DatabaseDocument, type: string, code: string): Edit[] =>
  (document.forms ?? [])
    .filter((form) => form.record_type === type && form.items.some((item) => "field" in item && item.field === code))
    .map((form) => ({ edit: "set_form_items", form: form.code, items: form.items }));

const placeOf = (items: readonly { code: string }[], code: unknown) => items.findIndex((item) => item.code === code);

const INVERSES: Readonly<Record<string, Inverse>> = {
  add_field: (_before, { record_type, field }) => ({ edit: "remove_field", record_type, field: (field as { code: string }).code }),
  duplicate_field: (_before, { record_type, code }) => ({ edit: "remove_field", record_type, field: code }),
  rename_field: (_before, { record_type, field, code }) => ({ edit: "rename_field", record_type, field: code, code: field }),
  set_field: (before, { record_type, field, set }) => ({
    edit: "set_field", record_type, field, set: formerly(fieldOf(before, String(record_type), String(field)), set as object),
  }),
  move_field: (before, { record_type, field }) => ({
    edit: "move_field", record_type, field, index: placeOf(typeOf(before, String(record_type)).fields, field),
  }),
  hide_field: (before, { record_type, field }) => ({
    edit: "set_field", record_type, field, set: formerly(fieldOf(before, String(record_type), String(field)), { hidden: true }),
  }),
  restore_field: (before, { record_type, field }) => {
    const there = typeOf(before, String(record_type)).fields.find(({ code }) => code === field);
    return there ? { edit: "set_field", record_type, field, set: formerly(there, { hidden: true }) } : null;
  },
  remove_field: (before, { record_type, field }) => {
    const [type, code] = [String(record_type), String(field)];
    const index = placeOf(typeOf(before, type).fields, code);
    const back = { edit: "add_field", record_type, field: fieldOf(before, type, code), index, form: null };
    return [back, ...itemsOfForms(before, type, code)];
  },
  add_record_type: (_before, { record_type }) => ({ edit: "remove_record_type", record_type: (record_type as { code: string }).code }),
  rename_record_type: (_before, { record_type, code }) => ({ edit: "rename_record_type", record_type: code, code: record_type }),
  set_record_type: (before, { record_type, set }) => ({
    edit: "set_record_type", record_type, set: formerly(typeOf(before, String(record_type)), set as object),
  }),
  move_record_type: (before, { record_type }) => ({ edit: "move_record_type", record_type, index: placeOf(before.record_types, record_type) }),
  add_value_set: (_before, { code }) => ({ edit: "remove_value_set", code }),
  set_value_set: (before, { code }) => ({ edit: "set_value_set", code, value_set: before.value_sets?.[String(code)] }),
};

/** The edits that take `edits` back, in their order; null where only the document of before does. */
export function inverse(before: DatabaseDocument, edits: readonly Edit[]): Edit[] | null {
  const back: Edit[] = [];
  let document = before;
  for (const edit of edits) {
    const one = INVERSES[edit.edit]?.(document, edit);
    if (!one) return null;
    back.unshift(...(Array.isArray(one) ? one : [one]));
    document = apply(document, [edit]);
  }
  return back;
}
