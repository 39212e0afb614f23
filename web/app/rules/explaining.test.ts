// @vitest-environment happy-dom
import { expect, it } from "vitest";

import type { ExplainedPart } from "../../shared/api/types";
import { stepsOf } from "./explaining";

const part = (start: number, end: number, depth: number): ExplainedPart => ({ start, end, depth, type: "number", state: "value", value: 1, why: [] });

it("lists the parts of a rule, each on one line, whatever characters come before them", () => {
  const rule = "[年龄] > 3\n 且 [😀] = [b]";
  const steps = stepsOf(rule, [part(0, 20, 0), part(0, 8, 1), part(12, 15, 2), part(18, 21, 2)]);

  expect(steps.map(({ text }) => text)).toEqual(["[年龄] > 3 且 [😀] = [b", "[年龄] > 3", "[😀]", "[b]"]);
});
