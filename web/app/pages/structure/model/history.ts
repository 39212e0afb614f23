/** Undo and redo over acts. */

import type { DatabaseDocument, Edit } from "../../../../shared/api/types";
import { inverse } from "./inverse";
import type { Act } from "./queue";

interface Step {
  back: Act;
  again: Act;
  /** Further acts under the same key are one step with it: typing in one field. */
  key?: string;
}

const LONGEST = 200; // steps; those that need a whole document hold it

export class History {
  private done: Step[] = [];
  private undone: Step[] = [];

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Note that `act` was done to `before`. */
  note(before: DatabaseDocument, act: Act, key?: string): void {
    this.undone = [];
    const last = this.done.at(-1);
    if (key && last?.key === key && sameSubject(last.again.edits, act.edits)) {
      last.again = act;
      return;
    }
    const back = inverse(before, act.edits);
    this.done.push({ back: back ? { edits: back } : { edits: [], replace: before }, again: act, key });
    if (this.done.length > LONGEST) this.done.shift();
  }

  /** The act that takes the last one back; `document` is what it is done to. */
  undo(): Act | null {
    const step = this.done.pop();
    if (!step) return null;
    this.undone.push(step);
    return step.back;
  }

  redo(): Act | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.done.push({ ...step, key: undefined });
    return step.again;
  }

  /** It was refused: it is not there to be taken back. */
  forget(act: Act): void {
    const others = (step: Step) => step.again !== act && step.back !== act;
    this.done = this.done.filter(others);
    this.undone = this.undone.filter(others);
  }

  /** Someone else changed the document: no step may put back one, or a form, that lacks their changes. */
  forgetDocuments(): void {
    const byEdits = ({ back }: Step) => !back.replace && !back.edits.some(({ edit }) => edit === "set_form_items");
    this.done = this.done.filter(byEdits);
    this.undone = this.undone.filter(byEdits);
  }

  clear(): void {
    this.done = [];
    this.undone = [];
  }
}

/** One set_field after another of the same properties: the first one's inverse takes back both. */
function sameSubject(a: readonly Edit[], b: readonly Edit[]): boolean {
  const nameOf = (edit: Edit) => JSON.stringify([edit.edit, edit.record_type, edit.field, edit.code, Object.keys((edit.set ?? {}) as object)]);
  return a.length === b.length && a.every((edit, i) => nameOf(edit) === nameOf(b[i] as Edit));
}
