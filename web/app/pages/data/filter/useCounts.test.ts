// @vitest-environment happy-dom
import { expect, it } from "vitest";

import { condition, group, related, textPart } from "./model";
import { countable } from "./useCounts";

it("counts the filter and each part of it, but not what means something within related records only", () => {
  const size = condition({ path: "size" });
  const lesions = related("lesion", { body: group("all", [size]) });
  const [sex, formula] = [condition({ path: "sex" }), textPart()];
  const inner = group("any", [lesions, formula]);
  const root = group("all", [sex, inner]);

  expect(countable(root)).toEqual([root, sex, inner, lesions, formula]);
});
