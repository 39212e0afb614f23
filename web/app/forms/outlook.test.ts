import { describe, expect, it } from "vitest";

import type { Outlook, ValueProblem } from "../../shared/api/types";
import { shownProblems, statesOf } from "./outlook";
import { aField } from "../pages/data/testing";

const problem = (field: string, code: string, severity: ValueProblem["severity"] = "error"): ValueProblem => ({ field, code, severity, zh: code, en: code });
const outlook: Outlook = {
  release: 1, hidden: ["pregnant"], required: ["no"], computed: { bmi: 25 },
  problems: [problem("no", "required"), problem("height", "minimum"), problem("height", "odd", "warning")],
};
const fields = [aField("no"), aField("height"), aField("pregnant", { required: true }), aField("bmi", { type: "calculated" })];

describe("what a form says while it is filled in", () => {
  it("is no complaint about what nobody has touched yet", () => {
    expect(shownProblems({ outlook, refused: [], touched: new Set(["height"]) }).map(({ code }) => code)).toEqual(["minimum", "odd"]);
  });

  it("is all of it once saving was tried, each problem once", () => {
    const refused = [problem("no", "required"), problem("no", "duplicate_key")];
    expect(shownProblems({ outlook, refused, touched: null }).map(({ code }) => code)).toEqual(["required", "minimum", "odd", "duplicate_key"]);
  });

  it("stands beside each field: hidden, needed, computed, errors apart from warnings", () => {
    const states = statesOf(fields, "no", { outlook, refused: [], touched: null });
    expect(states.height).toEqual({ hidden: false, required: false, computed: false, errors: [{ zh: "minimum", en: "minimum" }], warnings: [{ zh: "odd", en: "odd" }] });
    expect(states.pregnant).toMatchObject({ hidden: true, required: false });
    expect(states.bmi?.computed).toBe(true);
  });

  it("tells of headings that are skipped, too", () => {
    const skipping = { ...outlook, hidden: ["_item_3"] };
    expect(statesOf(fields, "no", { outlook: skipping, refused: [], touched: null })._item_3).toMatchObject({ hidden: true });
  });

  it("marks what is needed before the server has answered", () => {
    const states = statesOf(fields, "no", { outlook: null, refused: [], touched: new Set() });
    expect(Object.entries(states).filter(([, { required }]) => required).map(([code]) => code)).toEqual(["no", "pregnant"]);
  });
});
