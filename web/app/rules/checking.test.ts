// @vitest-environment happy-dom
import { expect, it } from "vitest";

import { type Finding, type Verdict, withoutAt } from "./checking";

const NONE = { zh: "", en: "" };
const finding = (from: number, to: number, severity: Finding["severity"] = "error"): Finding => ({ from, to, severity, message: NONE, hint: NONE, fixes: [] });
const wrong = (...findings: Finding[]): Verdict => ({ state: "wrong", text: "[ag", type: "", findings });

it("keeps quiet about the name that is being chosen, and about nothing else", () => {
  const elsewhere = finding(10, 14);
  const verdict = wrong(finding(0, 3), elsewhere);

  expect(withoutAt(verdict, 3).findings).toEqual([elsewhere]);
  expect(withoutAt(verdict, 12).findings).toEqual([finding(0, 3)]);
  expect(withoutAt(verdict, null)).toBe(verdict);
  expect(withoutAt(wrong(finding(0, 3, "warning")), 2).findings).toHaveLength(1);
});
