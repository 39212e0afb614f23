/** Changing one field from the pane, and what is wrong with it. */

import type { Edit, FieldDocument } from "../../../../shared/api/types";
import type { PlacedProblem } from "../model/problems";
import { placeKey, useDraftEditor } from "../useDraft";

export interface FieldSetter {
  /** Null takes a property away. `session`: what is typed in one stay in an input is one step for undo. */
  set(settings: Partial<Record<keyof FieldDocument, unknown>>, session?: number): void;
  act(edits: Edit[], property: string): void;
  problemsOf(property: string, index?: number): PlacedProblem[];
  refusalOf(property: string): { reason: string; typed?: string } | undefined;
}

/** @param subject the field at the time of each call. */
export function useField(subject: () => { type: string; field: FieldDocument }): FieldSetter {
  const editor = useDraftEditor();

  function set(settings: Partial<Record<keyof FieldDocument, unknown>>, session?: number) {
    const { type, field } = subject();
    const names = Object.keys(settings);
    const key = session === undefined ? undefined : `${session} ${names.join()}`;
    const column = columnOf(names[0] ?? "");
    const edit = { edit: "set_field", record_type: type, field: field.code, set: settings };
    editor.act([edit], { place: { type, field: field.code, column }, ...(key && { key }) });
  }

  return {
    set,
    act(edits, property) {
      const { type, field } = subject();
      editor.act(edits, { place: { type, field: field.code, column: columnOf(property) } });
    },
    problemsOf(property, index) {
      const { type, field } = subject();
      return editor.problems.value.filter(
        (problem) => problem.type === type && problem.field === field.code && problem.property === property && (index === undefined || problem.index === index),
      );
    },
    refusalOf(property) {
      const { type, field } = subject();
      return editor.refusals.get(placeKey({ type, field: field.code, column: columnOf(property) }));
    },
  };
}

/** Properties by the table's columns, so that both show the same refusal. */
function columnOf(property: string): string {
  if (property === "value_set") return "choices";
  if (property === "minimum" || property === "maximum") return "range";
  return ["shown_if", "required_if", "calculation", "checks"].includes(property) ? "logic" : property;
}
