import { describe, expect, it } from "vitest";

import type { Account } from "../../../shared/api/types";
import { changesOf, emptyForm, endOf, formOf, fromTemplate, isName, lastDay, newPerson } from "./person";

const LI: Account = {
  id: 7, name: "li.na", display_name: "李娜", roles: ["reader", "researcher"], active: true, state: "active", language: "zh", phone: "138****5678", directory: false, second_factor: false,
  must_change_password: false, password_changed_at: "2026-01-01T00:00:00+00:00", expires_at: null, created_at: null, last_login_at: null,
};

describe("a new user", () => {
  it("is sent without what was left empty", () => {
    const form = { ...emptyForm(), name: " li.na ", roles: ["reader"], phone: " " };
    expect(newPerson(form)).toEqual({ name: "li.na", roles: ["reader"], language: "" });
  });

  it.each([["li.na", true], ["李娜", true], ["l", false], ["li na", false], ["<b>", false]])("%s can be a name: %s", (name, expected) => {
    expect(isName(name)).toBe(expected);
  });
});

describe("the changes of a user", () => {
  it("are none where nothing was changed, whatever the order of the roles", () => {
    expect(changesOf(LI, { ...formOf(LI), roles: ["researcher", "reader"] })).toEqual({});
  });

  it("are only what differs", () => {
    const form = { ...formOf(LI), display_name: "李娜（外聘）", until: "2027-03-31" };
    expect(changesOf(LI, form)).toEqual({ display_name: "李娜（外聘）", expires_at: endOf("2027-03-31") });
  });

  it("never send the phone number that is shown in part", () => {
    expect(changesOf(LI, formOf(LI))).not.toHaveProperty("phone");
    expect(changesOf(LI, { ...formOf(LI), removesPhone: true })).toEqual({ phone: null });
    expect(changesOf(LI, { ...formOf(LI), phone: "13900001111" })).toEqual({ phone: "13900001111" });
  });
});

describe("a template", () => {
  const template = { id: 1, name: "进修医生", role: "reader", language: "zh", valid_days: 30 } as const;

  it("gives role, language and last day of a new user", () => {
    expect(fromTemplate(template, new Date(2026, 0, 31, 23, 59))).toEqual({ roles: ["reader"], language: "zh", until: "2026-03-02" });
    expect(fromTemplate({ ...template, valid_days: null })).toMatchObject({ until: "" });
  });
});

describe("the last day of an account", () => {
  it.each(["2027-03-31", "2028-02-29", "2026-12-31"])("%s comes back as it went", (day) => {
    expect(lastDay(endOf(day))).toBe(day);
  });

  it("can be none", () => {
    expect(endOf("")).toBeNull();
    expect(lastDay(null)).toBe("");
  });
});
