import { describe, expect, it } from "vitest";

import type { GrantSubject } from "../../../shared/api/types";
import { emptyGrant, grantBody, type GrantForm, isGrantComplete, isPreviewable } from "./grantForm";

const label = { zh: "王敏", en: "Wang" };
const USER: GrantSubject = { kind: "user", value: "7", duty: "", label };
const PROJECT: GrantSubject = { kind: "project", value: "3", duty: "", label };
const form = (more: Partial<GrantForm> = {}): GrantForm => ({ ...emptyGrant(), subject: USER, resource: "lung", ...more });

describe("a grant", () => {
  it("is reading with masked identities, at once and without an end, unless one says more", () => {
    expect(grantBody(form({ reason: " 课题 " }))).toEqual({
      subject: { kind: "user", value: "7", duty: "" }, resource: "lung", actions: ["view"], own: false, where: "",
      classes: { plain: "show", identifying: "mask" }, grade: 0, starts_at: null, ends_at: null, reason: "课题",
    });
  });

  it("takes a rule only where rows are limited by one, and a duty only of a project", () => {
    expect(grantBody(form({ rows: "own", where: "[a] = 1", duty: "reader" }))).toMatchObject({ own: true, where: "", subject: { duty: "" } });
    expect(grantBody(form({ rows: "where", where: " [a] = 1 ", subject: PROJECT, duty: "reader" }))).toMatchObject({ own: false, where: "[a] = 1", subject: { duty: "reader" } });
  });

  it("holds from the first moment of its first day to the last of its last", () => {
    const { starts_at, ends_at } = grantBody(form({ starts: "2027-03-01", until: "2027-03-31" }));
    expect([new Date(starts_at ?? ""), new Date(ends_at ?? "")]).toEqual([new Date(2027, 2, 1), new Date(2027, 3, 1)]);
  });

  it("can be tried before its reason is typed, not before its rule is", () => {
    expect(isPreviewable(form())).toBe(true);
    expect(isGrantComplete(form())).toBe(false);
    expect(isPreviewable(form({ rows: "where" }))).toBe(false);
    expect(isPreviewable(form({ resource: null }))).toBe(false);
    expect(isPreviewable(form({ resource: "" }))).toBe(true);
  });
});
