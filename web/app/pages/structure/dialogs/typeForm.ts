/** The settings of a record type as a form, and the edits that saving it makes. */

import type { Edit, RecordTypeDocument } from "../../../../shared/api/types";
import { withName } from "../table/cells";

export interface TypeForm {
  code: string;
  zh: string;
  en: string;
  parent: string;
  repeats: boolean;
  key: string;
  events: string[];
}

export const newType = (parent: string): TypeForm => ({ code: "", zh: "", en: "", parent, repeats: parent !== "", key: "", events: [] });

export function typeForm({ code, label, parent, repeats, key, events }: RecordTypeDocument): TypeForm {
  return { code, zh: label?.zh ?? "", en: label?.en ?? "", parent: parent ?? "", repeats: repeats ?? false, key: key ?? "", events: [...(events ?? [])] };
}

/** For a new type one edit; else what changed, the code last, as the others name the old one. */
export function typeEdits(type: RecordTypeDocument | undefined, form: TypeForm): Edit[] {
  if (!type) return [{ edit: "add_record_type", record_type: newDocument(form) }];
  const was = typeForm(type);
  const set: Record<string, unknown> = {};
  if (form.zh !== was.zh || form.en !== was.en) set.label = labelOf(form);
  if (form.parent !== was.parent) set.parent = form.parent || null;
  if (form.repeats !== was.repeats) set.repeats = form.repeats;
  if (form.key !== was.key) set.key = form.key || null;
  if (form.events.join() !== was.events.join()) set.events = form.events.length > 0 ? [...form.events] : null;
  const edits: Edit[] = Object.keys(set).length > 0 ? [{ edit: "set_record_type", record_type: type.code, set }] : [];
  if (form.code !== type.code) edits.push({ edit: "rename_record_type", record_type: type.code, code: form.code });
  return edits;
}

const labelOf = ({ zh, en }: TypeForm) => withName(withName({}, "zh", zh.trim()) ?? {}, "en", en.trim());

function newDocument(form: TypeForm): RecordTypeDocument {
  const label = labelOf(form);
  return {
    code: form.code,
    ...(label && { label }),
    ...(form.parent && { parent: form.parent }),
    ...(form.repeats && { repeats: true }),
    ...(form.events.length > 0 && { events: [...form.events] }),
    fields: [],
  };
}
