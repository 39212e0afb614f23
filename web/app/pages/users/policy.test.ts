import { describe, expect, it } from "vitest";

import { isPolicy, policyChanges } from "./policy";

const POLICY = { min_length: 10, min_classes: 3, history: 5, max_age_days: 90, lock_failures: 5, lock_minutes: 15, emergency_minutes: 60, max_unused_days: 90, audit_keep_days: 1095, second_factor_roles: ["hospital_admin"] };

describe("the policy for accounts", () => {
  it("is sent as what was changed", () => {
    expect(policyChanges(POLICY, { ...POLICY, min_length: 12 })).toEqual({ min_length: 12 });
    expect(policyChanges(POLICY, { ...POLICY, second_factor_roles: ["hospital_admin"] })).toEqual({});
    expect(policyChanges(POLICY, { ...POLICY, second_factor_roles: [] })).toEqual({ second_factor_roles: [] });
  });

  it.each([
    [{}, true],
    [{ max_age_days: 0 }, true],
    [{ max_unused_days: 0 }, true],
    [{ max_unused_days: 731 }, false],
    [{ min_length: 7 }, false],
    [{ audit_keep_days: 179 }, false],
    [{ lock_failures: 3.5 }, false],
    [{ emergency_minutes: 241 }, false],
    [{ lock_minutes: undefined as unknown as number }, false],
  ])("with %j can be saved: %s", (change, expected) => {
    expect(isPolicy({ ...POLICY, ...change })).toBe(expected);
  });
});
