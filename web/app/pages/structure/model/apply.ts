/**
 * Edits applied in the browser, as the server will: so that nobody waits for an answer to see what they typed.
 * Documents are never changed in place; what an edit does not touch is shared between before and after.
 * What only the server can do (following a rename through rules, copying from a library) comes with its answer.
 */

import type { DatabaseDocument, Edit, FieldDocument, FormDocument, RecordTypeDocument, ValueSetDocument } from "../../../../shared/api/types";
import { shown } from "./onForms";
import { Misfit } from "./reasons";

type Rule = (document: DatabaseDocument, edit: Edit) => DatabaseDocument;

const text = (edit: Edit, key: string) => String(edit[key]);

export function typeOf(document: DatabaseDocument, code: string): RecordTypeDocument {
  const found = document.record_types.find((type) => type.code === code);
  if (!found) throw new Misfit("noType", code);
  return found;
}

export function fieldOf(document: DatabaseDocument, type: string, code: string): FieldDocument {
  const found = typeOf(document, type).fields.find((field) => field.code === code);
  if (!found) throw new Misfit("noField", `${type}.${code}`);
  return found;
}

function withType(document: DatabaseDocument, code: string, changed: RecordTypeDocument): DatabaseDocument {
  return { ...document, record_types: document.record_types.map((type) => (type.code === code ? changed : type)) };
}

function withFields(document: DatabaseDocument, code: string, fields: FieldDocument[]): DatabaseDocument {
  return withType(document, code, { ...typeOf(document, code), fields });
}

function withField(document: DatabaseDocument, type: string, code: string, changed: FieldDocument): DatabaseDocument {
  const { fields } = typeOf(document, type);
  return withFields(document, type, fields.map((field) => (field.code === code ? changed : field)));
}

/** `new` put where the edit says: at an index, before or after a code, else at the end. */
function placed<T extends { code: string }>(items: readonly T[], added: readonly T[], edit: Edit): T[] {
  const at = placeOf(items, edit);
  return [...items.slice(0, at), ...added, ...items.slice(at)];
}

function placeOf(items: readonly { code: string }[], edit: Edit): number {
  if (typeof edit.index === "number") return Math.min(edit.index, items.length);
  for (const [key, offset] of [["before", 0], ["after", 1]] as const) {
    if (edit[key] === undefined) continue;
    const at = items.findIndex(({ code }) => code === edit[key]);
    if (at < 0) throw new Misfit("noField", text(edit, key));
    return at + offset;
  }
  return items.length;
}

/** `item` with properties set; null takes one away. */
function changed<T extends object>(item: T, properties: Record<string, unknown>): T {
  const result = { ...item } as Record<string, unknown>;
  for (const [key, value] of Object.entries(properties)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = value;
  }
  return result as T;
}

const addField: Rule = (document, edit) => {
  const type = typeOf(document, text(edit, "record_type"));
  const field = edit.field as FieldDocument;
  if (type.fields.some(({ code }) => code === field.code)) throw new Misfit("fieldThere", field.code);
  return shown(withFields(document, type.code, placed(type.fields, [field], edit)), type.code, [field.code], edit);
};

const duplicateField: Rule = (document, edit) => {
  const original = fieldOf(document, text(edit, "record_type"), text(edit, "field"));
  const copy = changed(original, { id: null, code: text(edit, "code"), ...(edit.label ? { label: edit.label } : {}) });
  const isPlaced = edit.index !== undefined || edit.before !== undefined || edit.after !== undefined;
  return addField(document, { ...edit, field: copy, ...(isPlaced ? {} : { after: original.code }) });
};

const renameField: Rule = (document, edit) => {
  const [typeCode, old, code] = [text(edit, "record_type"), text(edit, "field"), text(edit, "code")];
  const field = fieldOf(document, typeCode, old);
  if (old === code) return document;
  const type = typeOf(document, typeCode);
  if (type.fields.some((other) => other.code === code)) throw new Misfit("fieldThere", code);
  const renamed = withField(document, typeCode, old, { ...field, code });
  const forms = document.forms?.map((form) =>
    form.record_type === typeCode
      ? { ...form, items: form.items.map((item) => ("field" in item && item.field === old ? { ...item, field: code } : item)) }
      : form,
  );
  const kept = forms ? { ...renamed, forms } : renamed;
  return type.key === old ? withType(kept, typeCode, { ...typeOf(kept, typeCode), key: code }) : kept;
};

const setField: Rule = (document, edit) => {
  const [type, code] = [text(edit, "record_type"), text(edit, "field")];
  return withField(document, type, code, changed(fieldOf(document, type, code), edit.set as Record<string, unknown>));
};

const moveField: Rule = (document, edit) => {
  const [type, code] = [text(edit, "record_type"), text(edit, "field")];
  const field = fieldOf(document, type, code);
  const others = typeOf(document, type).fields.filter((other) => other.code !== code);
  return withFields(document, type, placed(others, [field], edit));
};

/** Only one that is still in the document; an earlier release's comes with the server's answer. */
const restoreField: Rule = (document, edit) => {
  const type = typeOf(document, text(edit, "record_type"));
  const found = type.fields.find((field) => (edit.id === undefined ? field.code === edit.field : field.id === edit.id));
  return found ? setField(document, { ...edit, field: found.code, set: { hidden: null } }) : document;
};

const removeField: Rule = (document, edit) => {
  const [typeCode, code] = [text(edit, "record_type"), text(edit, "field")];
  fieldOf(document, typeCode, code);
  const type = typeOf(document, typeCode);
  if (type.key === code) throw new Misfit("isKey", code);
  const rest = withFields(document, typeCode, type.fields.filter((field) => field.code !== code));
  if (!rest.forms) return rest;
  const forms = rest.forms.map((form) =>
    form.record_type === typeCode ? { ...form, items: form.items.filter((item) => !("field" in item && item.field === code)) } : form,
  );
  return { ...rest, forms };
};

const addRecordType: Rule = (document, edit) => {
  const type = edit.record_type as RecordTypeDocument;
  if (document.record_types.some(({ code }) => code === type.code)) throw new Misfit("typeThere", type.code);
  return { ...document, record_types: [...document.record_types, type] };
};

const renameRecordType: Rule = (document, edit) => {
  const [old, code] = [text(edit, "record_type"), text(edit, "code")];
  const type = typeOf(document, old);
  if (old === code) return document;
  if (document.record_types.some((other) => other.code === code)) throw new Misfit("typeThere", code);
  const renamed = withType(document, old, { ...type, code });
  const record_types = renamed.record_types.map((each) => (each.parent === old ? { ...each, parent: code } : each));
  const forms = renamed.forms?.map((form) => (form.record_type === old ? { ...form, record_type: code } : form));
  return { ...renamed, record_types, ...(forms && { forms }) };
};

const setRecordType: Rule = (document, edit) => {
  const code = text(edit, "record_type");
  return withType(document, code, changed(typeOf(document, code), edit.set as Record<string, unknown>));
};

const moveRecordType: Rule = (document, edit) => {
  const type = typeOf(document, text(edit, "record_type"));
  const others = document.record_types.filter(({ code }) => code !== type.code);
  return { ...document, record_types: placed(others, [type], edit) };
};

const removeRecordType: Rule = (document, edit) => {
  const type = typeOf(document, text(edit, "record_type"));
  if (document.record_types.some(({ parent }) => parent === type.code)) throw new Misfit("hasChildren", type.code);
  const record_types = document.record_types.filter((other) => other !== type);
  const forms = document.forms?.filter(({ record_type }) => record_type !== type.code);
  return { ...document, record_types, ...(forms && { forms }) };
};

const setFormItems: Rule = (document, edit) => {
  if (!document.forms?.some(({ code }) => code === edit.form)) throw new Misfit("noForm", text(edit, "form"));
  const items = edit.items as FormDocument["items"];
  return { ...document, forms: document.forms.map((form) => (form.code === edit.form ? { ...form, items } : form)) };
};

const addValueSet: Rule = (document, edit) => {
  const code = text(edit, "code");
  if (document.value_sets?.[code]) throw new Misfit("valueSetThere", code);
  return { ...document, value_sets: { ...document.value_sets, [code]: edit.value_set as ValueSetDocument } };
};

const setValueSet: Rule = (document, edit) => {
  const code = text(edit, "code");
  if (!document.value_sets?.[code]) throw new Misfit("noValueSet", code);
  return { ...document, value_sets: { ...document.value_sets, [code]: edit.value_set as ValueSetDocument } };
};

const removeValueSet: Rule = (document, edit) => {
  const code = text(edit, "code");
  if (!document.value_sets?.[code]) throw new Misfit("noValueSet", code);
  const value_sets = Object.fromEntries(Object.entries(document.value_sets).filter(([name]) => name !== code));
  return { ...document, value_sets };
};

const RULES: Readonly<Record<string, Rule>> = {
  add_field: addField,
  duplicate_field: duplicateField,
  rename_field: renameField,
  set_field: setField,
  move_field: moveField,
  hide_field: (document, edit) => setField(document, { ...edit, set: { hidden: true } }),
  restore_field: restoreField,
  remove_field: removeField,
  add_record_type: addRecordType,
  rename_record_type: renameRecordType,
  set_record_type: setRecordType,
  move_record_type: moveRecordType,
  remove_record_type: removeRecordType,
  set_form_items: setFormItems,
  add_value_set: addValueSet,
  set_value_set: setValueSet,
  remove_value_set: removeValueSet,
};

/** Whether the browser sees what it does before the server's answer. */
export const isKnown = ({ edit }: Edit): boolean => Object.hasOwn(RULES, edit);

/** @throws Misfit when the edit can't be made. An edit that only the server knows leaves the document as it is. */
export function apply(document: DatabaseDocument, edits: readonly Edit[]): DatabaseDocument {
  return edits.reduce((result, edit) => RULES[edit.edit]?.(result, edit) ?? result, document);
}
