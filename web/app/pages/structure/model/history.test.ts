import { describe, expect, it } from "vitest";

import type { DatabaseDocument } from "../../../../shared/api/types";
import { apply } from "./apply";
import { History } from "./history";
import type { Act } from "./queue";
import { aDocument, aField, aType } from "./testing";

const START = aDocument([aType("patient", [aField("a", { unit: "0" }), aField("b")])], {
  forms: [{ code: "f", record_type: "patient", items: [{ field: "b" }, { field: "a" }] }],
});
const unit = (value: string): Act => ({ edits: [{ edit: "set_field", record_type: "patient", field: "a", set: { unit: value } }] });

/** Someone at work: does acts, takes them back, does them again. */
function someone() {
  const history = new History();
  let document: DatabaseDocument = START;
  const run = (act: Act | null) => act && (document = act.replace ?? apply(document, act.edits));
  return {
    history,
    document: () => document,
    does: (act: Act, key?: string) => (history.note(document, act, key), run(act)),
    undoes: () => run(history.undo()),
    redoes: () => run(history.redo()),
  };
}

describe("undo", () => {
  it("goes back step by step and forward again", () => {
    const her = someone();
    her.does(unit("1"));
    const one = her.document();
    her.does(unit("2"));
    her.undoes();
    expect(her.document()).toEqual(one);
    her.undoes();
    expect(her.document()).toEqual(START);
    expect([her.history.canUndo, her.undoes()]).toEqual([false, null]);
    her.redoes();
    expect(her.document()).toEqual(one);
  });

  it("puts a removed field back in its place on its forms", () => {
    const her = someone();
    her.does({ edits: [{ edit: "remove_field", record_type: "patient", field: "b" }] });
    her.undoes();
    expect(her.document()).toEqual(START);
  });

  it("takes typing in one field for one step", () => {
    const her = someone();
    her.does(unit("m"), "unit");
    her.does(unit("mm"), "unit");
    her.undoes();
    expect(her.document()).toEqual(START);
    her.redoes();
    expect(her.document()).toEqual(apply(START, unit("mm").edits));
  });

  it("has nothing to redo once something else was done", () => {
    const her = someone();
    her.does(unit("1"));
    her.undoes();
    her.does(unit("2"));
    expect(her.history.canRedo).toBe(false);
  });

  it("does not offer what was refused, nor a document that lacks another's changes", () => {
    const her = someone();
    const act = unit("1");
    her.does(act);
    her.history.forget(act);
    expect(her.history.canUndo).toBe(false);
    her.does({ edits: [{ edit: "remove_field", record_type: "patient", field: "b" }] });
    her.history.forgetDocuments();
    expect(her.history.canUndo).toBe(false);
  });
});
