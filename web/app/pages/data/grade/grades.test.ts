// @vitest-environment happy-dom
/** Grades that may be set, what is said afterwards, and what is picked in the grid. */

import { describe, expect, it } from "vitest";

import type { GradedMany, GradeStanding } from "../../../../shared/api/types";
import { setLanguage } from "../../../language";
import { mayBeSet, outcome } from "./grades";
import { usePicked } from "./picked";

const standing = (more: Partial<GradeStanding>): GradeStanding => ({ grade: 1, own: 1, from: null, may_raise: true, may_lower: true, ...more });
const graded = (more: Partial<GradedMany>): GradedMany => ({ changed: 0, same: 0, below: 0, left: { gone: 0, raising: 0, lowering: 0 }, ...more });

describe("grades that may be set", () => {
  it("are higher ones for who edits, lower ones for who approves, never the one it has", () => {
    expect(mayBeSet(standing({ may_lower: false }))).toEqual([2]);
    expect(mayBeSet(standing({ may_raise: false }))).toEqual([0]);
    expect(mayBeSet(standing({}))).toEqual([0, 2]);
    expect(mayBeSet(standing({ may_raise: false, may_lower: false }))).toEqual([]);
  });

  it("are told apart from the grade that comes from above", () => {
    expect(mayBeSet(standing({ grade: 2, own: 0 }))).toEqual([1, 2]);
    expect(mayBeSet(standing({ grade: 2, own: 0, may_lower: false }))).toEqual([2]);
  });
});

describe("what became of several records", () => {
  it("says each thing that happened, and nothing else", () => {
    setLanguage("en");
    expect(outcome(graded({ changed: 3, below: 1 }))).toBe("3 records graded · 1 below follows");
    expect(outcome(graded({ same: 2, left: { gone: 1, raising: 0, lowering: 4 } }))).toBe(
      "No record was graded · 2 had this grade · 4 take the right to approve and were left · 1 is beyond what you may change and was left",
    );
    setLanguage("zh-CN");
    expect(outcome(graded({ changed: 3 }))).toBe("已分级 3 条");
  });
});

describe("picked records", () => {
  it("are there once, and gone when picked again", () => {
    const picked = usePicked();
    picked.add([1, 2, 2]);
    picked.toggle(2);
    picked.toggle(3);
    expect([...picked.ids]).toEqual([1, 3]);
    picked.clear();
    expect(picked.ids.size).toBe(0);
  });
});
