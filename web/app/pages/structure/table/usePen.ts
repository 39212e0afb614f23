/**
 * Writing into cells. One input stands at the active cell and always has the keyboard: unseen while one moves
 * about, so that an input method can start composing on the very first key; seen once something is typed.
 */

import { computed, type ComputedRef, type Ref, ref, shallowRef } from "vue";

import type { FieldDocument, FieldType } from "../../../../shared/api/types";
import { type DefinedType, typesLike } from "../model/fieldTypes";
import { type DraftEditor, placeKey } from "../useDraft";
import { cellText, type Fault, faultOf, flagEdit, kindOf, textEdits, typeSettings } from "./cells";
import type { Rows } from "./useRows";

export interface Pen {
  input: Ref<HTMLInputElement | null>;
  /** The types to choose from, while a type is written. */
  types: ComputedRef<DefinedType[]>;
  /** Which of them Enter would take. */
  pointed: Ref<number>;
  /** The column that is written in. */
  editing: Ref<string | null>;
  fault: Ref<Fault | null>;
  /** Start writing in the active cell; `start` in place of what it holds. */
  begin(start?: string): void;
  typed(): void;
  /** Take what is written; false if it can't be. */
  commit(): boolean;
  cancel(): void;
  /** Leave the cell, whatever is written: what can't be taken stays in sight as refused. */
  leave(): void;
  setType(type: FieldType): void;
  toggle(column: string): void;
  focus(): void;
}

interface Setting {
  editor: DraftEditor;
  type: () => string;
  rows: Rows;
  columnAt: () => string | undefined;
  readonly: () => boolean;
  faultText: (fault: Fault) => string;
  /** A cell that is edited beside the table. */
  openPane: (column: string) => void;
}

export function usePen({ editor, type, rows, columnAt, readonly, faultText, openPane }: Setting): Pen {
  const input = ref<HTMLInputElement | null>(null);
  const [text, pointed] = [ref(""), ref(0)];
  const editing = ref<string | null>(null);
  const fault = shallowRef<Fault | null>(null);
  const types = computed(() => typesLike(text.value));
  let subject: FieldDocument | undefined; // the field that is written in

  const place = (field: string, column: string, typed: string) => ({ type: type(), field, column, typed });
  const focus = () => input.value?.focus({ preventScroll: true });

  function open(column: string) {
    subject = rows.activeField.value;
    editing.value = column;
    fault.value = null;
    text.value = column === "type" ? (input.value?.value ?? "") : "";
    pointed.value = text.value ? 0 : Math.max(0, types.value.indexOf(subject?.type as DefinedType));
  }

  function begin(start?: string) {
    const [column, field] = [columnAt(), rows.activeField.value];
    if (!column || !field) return;
    const kind = kindOf(column);
    if (!kind || readonly()) return openPane(column);
    if (kind === "flag") return toggle(column);
    open(column);
    if (kind === "type") return write("");
    const refused = editor.refusals.get(placeKey({ type: type(), field: field.code, column }))?.typed;
    write(start ?? refused ?? cellText(field, column));
  }

  function write(start: string) {
    if (!input.value) return;
    input.value.value = start;
    focus();
    input.value.setSelectionRange(start.length, start.length);
    check();
  }

  /** Something arrived in the input: the first key starts the writing. */
  function typed() {
    const column = columnAt();
    const kind = column && rows.activeField.value ? kindOf(column) : undefined;
    if (!editing.value && column && !readonly() && (kind === "text" || kind === "type")) open(column);
    if (!editing.value && input.value) input.value.value = "";
    if (editing.value === "type") [text.value, pointed.value] = [input.value?.value ?? "", 0];
    check();
  }

  function check() {
    if (editing.value && fault.value) fault.value = found(input.value?.value ?? "");
  }

  function found(typed: string): Fault | null {
    const others = new Set(rows.codes.value.filter((code) => code !== subject?.code));
    return editing.value ? faultOf(editing.value, typed, others) : null;
  }

  function commit(): boolean {
    const [column, field] = [editing.value, subject];
    if (!column || !field) return true;
    if (column === "type") return takeType(field);
    const typed = (input.value?.value ?? "").trim();
    fault.value = found(typed);
    if (fault.value) return false;
    close();
    store(field, column, typed);
    return true;
  }

  function takeType(field: FieldDocument): boolean {
    const wanted = types.value[pointed.value];
    if (!wanted) fault.value = "typeUnknown";
    else setType(wanted, field);
    return wanted !== undefined;
  }

  function store(field: FieldDocument, column: string, typed: string) {
    const edits = textEdits(type(), field, column, typed);
    editor.refusals.delete(placeKey(place(field.code, column, typed)));
    if (!editor.act(edits, { place: place(field.code, column, typed) })) return;
    if (column === "code") rows.follow(field.code, typed);
  }

  function close() {
    editing.value = null;
    fault.value = null;
    subject = undefined;
    if (input.value) input.value.value = "";
  }

  function leave() {
    const [column, field, typed] = [editing.value, subject, input.value?.value ?? ""];
    if (column === "type") return close(); // a type is taken by choosing it
    if (commit() || !column || !field || !fault.value) return;
    editor.refusals.set(placeKey(place(field.code, column, typed)), { typed, reason: faultText(fault.value) });
    close();
  }

  function cancel() {
    if (editing.value && subject) editor.refusals.delete(placeKey(place(subject.code, editing.value, "")));
    close();
    focus();
  }

  function setType(next: FieldType, field = subject) {
    close();
    if (!field || field.type === next || readonly()) return;
    const edits = [{ edit: "set_field", record_type: type(), field: field.code, set: typeSettings(field, next) }];
    editor.act(edits, { place: place(field.code, "type", next) });
  }

  /** All chosen rows take the opposite of the active one. */
  function toggle(column: string) {
    const field = rows.activeField.value;
    if (!field || readonly()) return;
    const on = !field[column as "required" | "identifying"];
    const targets = rows.chosen.value.has(field.code) ? rows.codes.value.filter((code) => rows.chosen.value.has(code)) : [field.code];
    editor.act(targets.map((code) => flagEdit(type(), code, column, on)), { place: place(field.code, column, "") });
  }

  return { input, types, pointed, editing, fault, begin, typed, commit, cancel, leave, setType, toggle, focus };
}
