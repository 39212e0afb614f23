import { describe, expect, it } from "vitest";

import type { AccessRequest } from "../../../shared/api/types";
import { decidedBody, emptyWanted, isComplete, roleMay, wantedBody, wantedOf } from "./wanted";

const label = { zh: "肺结节", en: "Lung" };
const REQUEST: AccessRequest = {
  id: 1, state: "asked", subject: { id: 7, name: "wang", display_name: "王敏" }, database: { code: "lung", label },
  record_type: null, actions: ["view", "export"], identifying: true, grade: 1, ends_at: "2027-03-31T09:30:00+00:00",
  project: "", reason: "课题", asked_at: "2027-01-01T00:00:00+00:00", grant_id: null, may_decide: true,
};

describe("what is asked for", () => {
  it("is reading without identities for three months, unless one changes it", () => {
    expect(emptyWanted(new Date(2027, 0, 15))).toEqual({ record_type: "", actions: ["view"], identifying: false, grade: 0, until: "2027-04-15" });
  });

  it("always holds viewing, and its actions in their order", () => {
    expect(wantedBody({ ...emptyWanted(), actions: ["export", "add"] }).actions).toEqual(["view", "add", "export"]);
  });

  it("ends when its last day is over", () => {
    const { ends_at } = wantedBody({ ...emptyWanted(), until: "2027-03-31" });
    expect(new Date(ends_at)).toEqual(new Date(2027, 3, 1));
  });

  it("needs an end and an action", () => {
    expect(isComplete(emptyWanted())).toBe(true);
    expect(isComplete({ ...emptyWanted(), until: "" })).toBe(false);
    expect(isComplete({ ...emptyWanted(), actions: [] })).toBe(false);
  });
});

describe("a decision", () => {
  it("is what was asked for to the second where nobody narrows it", () => {
    expect(decidedBody(wantedOf(REQUEST), REQUEST)).toEqual({ record_type: "", actions: ["view", "export"], identifying: true, grade: 1, ends_at: REQUEST.ends_at });
  });

  it("takes an earlier last day", () => {
    const { ends_at } = decidedBody({ ...wantedOf(REQUEST), until: "2027-02-01" }, REQUEST);
    expect(new Date(ends_at)).toEqual(new Date(2027, 1, 2));
  });
});

it("a role's ceiling may lie on records, databases or files", () => {
  const may = (action: string, kind: string) => `${action}:${kind}` === "design:databases";
  expect(roleMay(may, "design")).toBe(true);
  expect(roleMay(may, "export")).toBe(false);
});
