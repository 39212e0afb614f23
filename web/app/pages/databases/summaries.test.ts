import { describe, expect, it } from "vitest";

import type { DatabaseSummary } from "../../../shared/api/types";
import { matching, recordCount } from "./summaries";

const database = (code: string, zh: string, counts: (number | null)[]): DatabaseSummary => ({
  code, label: { zh, en: code.replace("_", " ") }, category: "specialty", release: 1, draft_version: 0,
  record_types: counts.map((count, i) => ({ code: `t${i}`, label: { zh: "", en: "" }, count })),
});
const list = [database("lung_nodule", "肺结节", [12, 30]), database("stroke", "卒中", [null, null])];

describe("the list of databases", () => {
  it("is filtered by name in either language, by code and by category", () => {
    expect(matching(list, { text: " 结节 ", category: "" })).toEqual([list[0]]);
    expect(matching(list, { text: "LUNG n", category: "specialty" })).toEqual([list[0]]);
    expect(matching(list, { text: "", category: "core" })).toEqual([]);
  });

  it("counts only what the user may count, and says so instead of zero", () => {
    expect(list.map(recordCount)).toEqual([42, null]);
  });
});
