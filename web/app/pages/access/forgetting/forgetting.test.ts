// @vitest-environment happy-dom
import { expect, it } from "vitest";

import { isConfirmed, recordsOf, tracesOf, wantedOf } from "./forgetting";

it("a record's link names the patient; a half one names nobody", () => {
  expect(wantedOf({ database: "lung", type: "visit", record: "7" })).toEqual({ database: "lung", record_type: "visit", record: 7 });
  expect(wantedOf({ database: "lung", type: "visit", record: "x" })).toBeNull();
  expect(wantedOf({ database: "lung", type: "visit", record: "0" })).toBeNull();
  expect(wantedOf({ database: ["lung", "liver"], type: "visit", record: "7" })).toBeNull();
  expect(wantedOf({})).toBeNull();
});

it("the act waits for a reason and for the very phrase", () => {
  const found = { phrase: "forget 7" };
  expect(isConfirmed(found, "asked for it", "forget 7 ")).toBe(true);
  expect(isConfirmed(found, "  ", "forget 7")).toBe(false);
  expect(isConfirmed(found, "asked for it", "forget 70")).toBe(false);
});

it("what goes is added up", () => {
  expect(tracesOf({ traces: { filters: 1, notices: 2, jobs: 0 } })).toBe(3);
  expect(recordsOf({ affected: [{ database: "a", record_type: "b", records: 2, values: 9 }, { database: "a", record_type: "c", records: 3, values: 0 }] })).toBe(5);
});
