// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import type { QualityStep } from "../../../shared/api/types";
import { coursePoints, ruleWords } from "./rules";

const step = (failed: number, total = 10): QualityStep => ({ at: "2026-03-05T00:00:00Z", release: 1, total, failed, unknown: 0 });
const free = { low: null, high: null, message: { zh: "", en: "" }, expression: "" };
const message = { zh: "结束早于开始", en: "Ends before it starts" };

describe("a rule in words", () => {
  it("is the message of a check, and the rule where it has none", () => {
    expect(ruleWords({ ...free, kind: "check", message, expression: "[end] >= [start]" })).toBe(message.en);
    expect(ruleWords({ ...free, kind: "check", expression: "[end] >= [start]" })).toBe("[end] >= [start]");
  });

  it("says when a value is needed, and within which bounds", () => {
    expect(ruleWords({ ...free, kind: "required" })).toBe("Required");
    expect(ruleWords({ ...free, kind: "required", expression: "[sex] = '2'" })).toContain("[sex] = '2'");
    expect(ruleWords({ ...free, kind: "range", low: "0", high: "today" })).toBe("From 0 to today");
    expect(ruleWords({ ...free, kind: "range", low: "0" })).toBe("At least 0");
    expect(ruleWords({ ...free, kind: "range", high: "now" })).toBe("At most now");
  });
});

describe("a course as a line", () => {
  it("falls as fewer records break the rule, whatever their number", () => {
    expect(coursePoints([step(10), step(5), step(0)], 60, 20)).toBe("0,0 30,10 60,20");
    expect(coursePoints([step(5), step(5, 20)], 60, 20)).toBe("0,0 60,10");
  });

  it("lies on the ground where none breaks it, and is a point after one run", () => {
    expect(coursePoints([step(0), step(0, 0)], 60, 20)).toBe("0,20 60,20");
    expect(coursePoints([step(3)], 60, 20)).toBe("0,0");
    expect(coursePoints([], 60, 20)).toBe("");
  });
});
