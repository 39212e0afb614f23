/** Where a new field stands on the forms of its record type, as the server puts it. */

import type { DatabaseDocument, Edit, FormDocument } from "../../../../shared/api/types";
import { Misfit } from "./reasons";

/**
 * `document` with new fields on the form that `edit` names: none if that is null. If it names none, they stand
 * beside their neighbours in the record type; a record type without a form is asked for whole.
 */
export function shown(document: DatabaseDocument, type: string, codes: readonly string[], edit: Edit): DatabaseDocument {
  const { forms } = document;
  if (!forms || edit.form === null) return document;
  const offered = edit.form === undefined ? forms.filter((form) => form.record_type === type) : forms.filter(({ code }) => code === edit.form);
  if (edit.form !== undefined && offered.length === 0) throw new Misfit("noForm", String(edit.form));
  const order = document.record_types.find(({ code }) => code === type)?.fields.map(({ code }) => code) ?? [];
  const place = beside(offered, order, codes);
  if (!place) return document;
  const { form, index } = place;
  const items = [...form.items.slice(0, index), ...codes.map((field) => ({ field })), ...form.items.slice(index)];
  return { ...document, forms: forms.map((each) => (each === form ? { ...form, items } : each)) };
}

/** After the nearest field before that is on a form, else before the nearest one after, else at the last one's end. */
function beside(forms: readonly FormDocument[], order: readonly string[], codes: readonly string[]): { form: FormDocument; index: number } | undefined {
  const last = forms.at(-1);
  if (!last) return undefined;
  const places = new Map<string, { form: FormDocument; index: number }>();
  for (const form of forms) {
    form.items.forEach((item, index) => "field" in item && !places.has(item.field) && places.set(item.field, { form, index }));
  }
  const start = order.indexOf(codes[0] ?? "");
  const before = order.slice(0, start).reverse().find((code) => places.has(code));
  const after = order.slice(start + codes.length).find((code) => places.has(code));
  const near = places.get(before ?? after ?? "");
  return near ? { form: near.form, index: near.index + (before === undefined ? 0 : 1) } : { form: last, index: last.items.length };
}
