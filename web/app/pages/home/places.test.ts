// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { Router } from "vue-router";

import type { DatabaseSummary, RecentRecord, WaitingItem } from "../../../shared/api/types";
import { byUse, toAct, toRecord, toWork } from "./places";

const database = (code: string, more: Partial<DatabaseSummary> = {}) =>
  ({ code, label: { zh: code, en: code }, category: "", release: 1, draft_version: 0, record_types: [{ code: "patient" }], ...more }) as DatabaseSummary;
const recent = (code: string) => ({ database: { code }, record_type: { code: "patient" }, id: 7 }) as RecentRecord;
const withRoutes = (...names: string[]) => ({ hasRoute: (name: string) => names.includes(name) }) as unknown as Router;

describe("the order of my databases", () => {
  it("is by when I worked in them; of equals a draft comes first, then as they come", () => {
    const list = [database("a"), database("b", { draft_version: 2 }), database("c"), database("d")];
    const order = byUse(list, [recent("d"), recent("c"), recent("d")]).map(({ code }) => code);
    expect(order).toEqual(["d", "c", "b", "a"]);
  });

  it("is by size where I have not worked lately, those without records last", () => {
    const sized = (code: string, ...counts: number[]) =>
      database(code, { record_types: counts.map((count, n) => ({ code: `t${n}`, label: { zh: "", en: "" }, count })) });
    const list = [sized("shared", 0), sized("small", 5), sized("large", 6, 900), sized("used", 1)];
    const order = byUse(list, [recent("used")]).map(({ code }) => code);
    expect(order).toEqual(["used", "large", "small", "shared"]);
  });
});

describe("where rows lead", () => {
  it("a database to its data, once there is a release with something to see", () => {
    const router = withRoutes("database-data");
    expect(toWork(router, database("lung"))).toEqual({ name: "database-data", params: { code: "lung", type: "patient" } });
    expect(toWork(router, database("lung", { release: null, record_types: [] }))).toBeNull();
  });

  it("a record to itself beside its list", () => {
    expect(toRecord(recent("lung"))).toEqual({ name: "database-data", params: { code: "lung", type: "patient" }, query: { record: "7" } });
  });

  it("a request to its decision, an emergency to its review", () => {
    const item = (kind: WaitingItem["kind"]) => ({ kind, database: { code: "lung", label: { zh: "", en: "" } }, access: 3 }) as WaitingItem;
    expect(toAct(withRoutes(), item("access_request"))).toEqual({ name: "access-requests", query: { open: "3" } });
    expect(toAct(withRoutes(), item("emergency"))).toEqual({ name: "access-emergencies", query: { open: "3" } });
  });

  it("a plan to the plan, a draft to the structure, a failed job nowhere", () => {
    const router = withRoutes("database-plan", "database-structure");
    const item = (kind: WaitingItem["kind"], code: string | null) =>
      ({ kind, database: code && { code, label: { zh: "", en: "" } } }) as WaitingItem;
    expect(toAct(router, item("approval", "lung"))).toEqual({ name: "database-plan", params: { code: "lung" } });
    expect(toAct(router, item("draft", "lung"))).toEqual({ name: "database-structure", params: { code: "lung" } });
    expect(toAct(router, item("job_failed", null))).toBeNull();
  });
});
