// @vitest-environment happy-dom
import { expect, it } from "vitest";

import type { Funnel, FunnelStep } from "../../../shared/api/types";
import { type Criterion, newCriterion } from "./criteria";
import { criterionName, funnelLines } from "./funnelLines";

const where = { in: "", out: "", unknown: "" };
const criterion = (rule: string): Criterion => ({ ...newCriterion("include"), where: rule, ready: true });

it("says of each step how many reached it and which number its criterion has, while one between is not counted", () => {
  const [first, half, second] = [criterion("a"), newCriterion("exclude"), criterion("b")];
  const steps = [{ kind: "include", in: 8, out: 2, unknown: 1, where }, { kind: "include", in: 5, out: 3, unknown: 0, where }] as const;
  const funnel: Funnel = { total: 10, steps: [...steps], where: "" };

  const lines = funnelLines([first, half, second], funnel, new Map<number, FunnelStep>([[first.id, steps[0]], [second.id, steps[1]]]));

  expect(lines.map(({ number, name, reached, isLast }) => [number, name, reached, isLast])).toEqual([[1, "a", 10, false], [3, "b", 8, true]]);
});

it("keeps the order that was counted until the new one is", () => {
  const [first, second] = [criterion("a"), criterion("b")];
  const steps = [{ kind: "include", in: 8, out: 2, unknown: 1, where }, { kind: "include", in: 5, out: 3, unknown: 0, where }] as const;
  const funnel: Funnel = { total: 10, steps: [...steps], where: "" };

  const lines = funnelLines([second, first], funnel, new Map<number, FunnelStep>([[first.id, steps[0]], [second.id, steps[1]]]));

  expect(lines.map(({ name, reached }) => [name, reached])).toEqual([["a", 10], ["b", 8]]);
});

it("calls a criterion by its label in the reader's language, or another, or its rule", () => {
  expect(criterionName({ label: { zh: "成人", en: "Adults" }, where: "[a] > 1" })).toBe("Adults");
  expect(criterionName({ label: { zh: "成人", en: "" }, where: "[a] > 1" })).toBe("成人");
  expect(criterionName({ label: { zh: "", en: "" }, where: "[a] > 1" })).toBe("[a] > 1");
});
