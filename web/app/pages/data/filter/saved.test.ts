import { expect, it } from "vitest";

import type { SavedFilter } from "../../../../shared/api/types";
import { found, sorted } from "./saved";

function aFilter(name: string, more: Partial<SavedFilter> = {}): SavedFilter {
  return {
    id: 1, version: 1, name, description: "", record_type: "patient", where: "[a] = 1", written: "[a] = 1", problem: null, shared: false,
    owner: "li", mine: true, may_change: true, updated_at: "", updated_by: "li", ...more,
  };
}

it("one's own come first, each by name", () => {
  const names = sorted([aFilter("乙", { mine: false }), aFilter("B"), aFilter("a"), aFilter("甲", { mine: false })]).map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(["a", "B"]);
  expect(new Set(names.slice(2))).toEqual(new Set(["甲", "乙"]));
});

it("are found by name, description and owner", () => {
  const list = [aFilter("大结节", { description: "大于 8 mm" }), aFilter("Smokers", { owner: "wang" })];
  expect(found(list, "结节 8").map(({ name }) => name)).toEqual(["大结节"]);
  expect(found(list, "WANG").map(({ name }) => name)).toEqual(["Smokers"]);
  expect(found(list, "")).toHaveLength(2);
});
