import { describe, expect, it } from "vitest";

import { asked, emptyFilter, isFiltered, ofRequest, readFilter, writeFilter } from "./filter";

const FULL = {
  ...emptyFilter(), subject: "wang.min", action: "read", patient: "12", outcome: "denied",
  range: { name: "custom" as const, from: "2026-03-01", to: "2026-03-05" },
};

describe("the filter of the trail", () => {
  it("stands in the address and comes back from it", () => {
    expect(readFilter(writeFilter(FULL) as Record<string, string>)).toEqual(FULL);
    expect(writeFilter(emptyFilter())).toEqual({});
    expect(readFilter({})).toEqual(emptyFilter());
  });

  it("drops what is no period and no patient", () => {
    expect(readFilter({ range: "century", patient: "12 or 13" })).toEqual(emptyFilter());
    expect(readFilter({ range: "today", from: "2026-03-01" }).range).toEqual({ name: "today", from: "", to: "" });
  });

  it("is asked for with instants, without what is empty", () => {
    expect(Object.keys(asked(FULL)).sort()).toEqual(["action", "from", "outcome", "patient", "subject", "to"]);
    expect(asked({ ...emptyFilter(), range: { name: "all", from: "", to: "" } })).toEqual({});
  });

  it("of a request reaches all of the trail", () => {
    expect(asked(ofRequest("r1"))).toEqual({ request_id: "r1" });
    expect(isFiltered(ofRequest("r1"))).toBe(true);
    expect(isFiltered({ ...emptyFilter(), range: { name: "all", from: "", to: "" } })).toBe(false);
  });
});
