import { describe, expect, it } from "vitest";

import { isNumeric, say } from "./valueWords";

const sex = {
  type: "choice" as const,
  choices: [{ code: "1", label: { zh: "男性", en: "Male" }, active: true }],
};

describe("a record's value", () => {
  it("that is missing says why, where a reason is recorded", () => {
    expect(say(null, sex, "refused")).toEqual({ kind: "missing", reason: { zh: "拒绝回答", en: "Refused" } });
    expect(say(null, sex, "code_9")).toEqual({ kind: "missing", reason: { zh: "code_9", en: "code_9" } });
    expect(say("", sex)).toEqual({ kind: "missing", reason: null });
    expect(say([], sex)).toEqual({ kind: "missing", reason: null });
  });

  it("that is masked is said to be so, never shown as text", () => {
    expect(say("＊＊＊", sex)).toEqual({ kind: "masked", text: "＊＊＊" });
    expect(say("60-69", { type: "integer", visibility: "mask" })).toEqual({ kind: "masked", text: "60-69" });
    expect(say("4f2a", { ...sex, visibility: "mask" })).toEqual({ kind: "masked", text: "4f2a" });
    expect(say("2026-03-05T14:20:00", { type: "datetime", visibility: "mask" })).toEqual({ kind: "masked", text: "2026-03-05 14:20" });
    expect(say(null, { type: "string", visibility: "mask" })).toEqual({ kind: "missing", reason: null });
  });

  it("of a choice is its label; a code without one stays readable", () => {
    expect(say("1", sex)).toEqual({ kind: "labels", labels: [{ code: "1", label: { zh: "男性", en: "Male" } }] });
    expect(say("7", sex)).toEqual({ kind: "labels", labels: [{ code: "7", label: null }] });
  });

  it("no and zero are values", () => {
    expect(say(false, { type: "boolean" })).toEqual({ kind: "truth", value: false });
    expect(say(0, { type: "integer" })).toEqual({ kind: "value", text: "0" });
  });

  it("of a decimal keeps every digit; a code of digits is not grouped", () => {
    expect(say("1234567890123.450", { type: "decimal" })).toEqual({ kind: "value", text: "1,234,567,890,123.450" });
    expect(say("20260305", { type: "string" })).toEqual({ kind: "value", text: "20260305" });
  });

  it("that is a number stands at the right", () => {
    expect(isNumeric({ type: "calculated", options: { result: "number" } })).toBe(true);
    expect(isNumeric({ type: "string" })).toBe(false);
  });
});
