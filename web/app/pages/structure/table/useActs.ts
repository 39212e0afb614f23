/** What is done to rows: adding, duplicating, moving, removing, copying. */

import type { Edit, FieldDocument } from "../../../../shared/api/types";
import { freeCode } from "../model/codes";
import { moveBy, moveTo } from "../model/moves";
import type { DraftEditor } from "../useDraft";
import { asLines } from "./cells";
import type { Rows } from "./useRows";

export interface Acts {
  /** A new field after the active one; gives its code. */
  add(): string | null;
  duplicate(): void;
  move(step: -1 | 1): void;
  drop(gap: number): void;
  /** The chosen fields, in their order. */
  chosenFields(): FieldDocument[];
  copied(): string;
}

export function useActs(editor: DraftEditor, type: () => string, rows: Rows, readonly: () => boolean): Acts {
  const chosenFields = () => rows.fields.value.filter(({ code }) => rows.chosen.value.has(code));
  const act = (edits: Edit[]) => !readonly() && editor.act(edits, { place: { type: type() } });

  function add(): string | null {
    const taken = new Set(rows.codes.value);
    const code = freeCode(`field_${rows.codes.value.length + 1}`, taken);
    const after = rows.activeField.value?.code;
    const edit = { edit: "add_field", record_type: type(), field: { code, type: "string" }, ...(after && { after }) };
    if (!act([edit])) return null;
    rows.chooseCodes([code]);
    return code;
  }

  function duplicate() {
    const taken = new Set(rows.codes.value);
    const originals = chosenFields();
    let after = originals.at(-1)?.code;
    const edits = originals.map(({ code: field }): Edit => {
      const code = freeCode(`${field}_2`, taken);
      taken.add(code);
      const edit = { edit: "duplicate_field", record_type: type(), field, code, after };
      after = code;
      return edit;
    });
    if (act(edits)) rows.chooseCodes(edits.map(({ code }) => String(code)));
  }

  return {
    add,
    duplicate,
    move: (step) => void act(moveBy(type(), rows.codes.value, rows.chosen.value, step)),
    drop: (gap) => void act(moveTo(type(), rows.codes.value, rows.chosen.value, gap)),
    chosenFields,
    copied: () => asLines(chosenFields()),
  };
}
