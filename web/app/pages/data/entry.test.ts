import { describe, expect, it } from "vitest";

import { MASKED } from "../../../shared/api/types";
import { REASONS } from "../../../shared/forms/frame";
import { answerIn, answersOf, changesOf, formValues, newRecordOf } from "./entry";
import { aField, aRecord } from "./testing";

const fields = [
  aField("height", { type: "decimal" }), aField("name", { visibility: "mask" }), aField("signs", { type: "multi_choice" }),
  aField("family", { type: "boolean", missing_codes: ["refused"] }), aField("bmi", { type: "calculated" }),
];
const stored = aRecord({ height: 170.5, name: MASKED, signs: ["a", "b"], family: false, bmi: 24 });

describe("filling in a record", () => {
  it("sends only what changed, as it was typed", () => {
    const typed = { ...answersOf(fields, stored), height: { value: "1,70 m", missing: "" } };
    expect(changesOf(answersOf(fields, stored), typed)).toEqual({ values: { height: "1,70 m" }, missing: {} });
  });

  it("typing the same number again, or choosing in another order, changes nothing", () => {
    const typed = { ...answersOf(fields, stored), height: { value: " 170.5 ", missing: "" }, signs: { value: ["b", "a"], missing: "" } };
    expect(changesOf(answersOf(fields, stored), typed)).toEqual({ values: {}, missing: {} });
  });

  it("never sends the mask back, nor a calculated value", () => {
    const base = answersOf(fields, stored);
    expect(base.name).toEqual({ value: null, missing: "" });
    expect(base).not.toHaveProperty("bmi");
    expect(changesOf(base, { ...base, name: { value: "王强", missing: "" } }).values).toEqual({ name: "王强" });
  });

  it("takes what a mask left of a value for no answer, however real it looks", () => {
    const replaced = aRecord({ ...stored.values, name: "花海燕" });
    expect(answersOf(fields, replaced).name).toEqual({ value: null, missing: "" });
    expect(formValues(fields, answersOf(fields, replaced), replaced)).toMatchObject({ name: MASKED });
    const none = aRecord({ ...stored.values, name: null });
    expect(formValues(fields, answersOf(fields, none), none)).toMatchObject({ name: null });
  });

  it("empties a value for a reason, and withdraws the reason again", () => {
    const base = answersOf(fields, stored);
    const refused = { ...base, family: { value: null, missing: "refused" } };
    expect(changesOf(base, refused)).toEqual({ values: { family: null }, missing: { family: "refused" } });
    expect(changesOf(refused, base)).toEqual({ values: { family: false }, missing: { family: null } });
  });

  it("a new record has what was given and no more", () => {
    const typed = { ...answersOf(fields, null), family: { value: false, missing: "" }, signs: { value: [], missing: "" } };
    expect(newRecordOf(typed)).toEqual({ values: { family: false }, missing: {} });
  });
});

describe("the values that a form shows", () => {
  it("are the answers, what is calculated, and masks that nobody typed over", () => {
    const answers = answersOf(fields, stored);
    expect(formValues(fields, answers, stored)).toEqual({
      height: "170.5", name: MASKED, signs: ["a", "b"], family: false, bmi: 24, [REASONS]: {},
    });
    const typed = { ...answers, name: { value: "王强", missing: "" }, family: { value: null, missing: "refused" } };
    expect(formValues(fields, typed, stored)).toMatchObject({ name: "王强", family: null, [REASONS]: { family: "refused" } });
  });

  it("come back as answers, a reason only where there is no value", () => {
    const values = { family: null, height: "170", [REASONS]: { family: "refused", height: "refused" } };
    expect(answerIn(values, "family")).toEqual({ value: null, missing: "refused" });
    expect(answerIn(values, "height")).toEqual({ value: "170", missing: "" });
    expect(answerIn(values, "constructor")).toMatchObject({ missing: "" });
  });
});
