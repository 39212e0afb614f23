import { describe, expect, it } from "vitest";

import { contextAt } from "./context";
import { addDays, ageYears, difference, midnight, readDate, readDatetime, readTime, shifted, weekday } from "./dates";

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

describe("the calendar", () => {
  it.each(["0001-01-01", "1582-10-10", "1899-12-31", "1900-02-28", "2000-02-29", "2024-02-29", "9999-12-31"])(
    "%s is the day that it is everywhere",
    (day) => {
      expect(difference(midnight("1970-01-01"), midnight(day), "d")).toBe(utc(day));
      expect(addDays("1970-01-01", utc(day))).toBe(day);
      expect(weekday(day)).toBe(new Date(`${day}T00:00:00Z`).getUTCDay() || 7);
    },
  );

  it("counts every day of 800 years", () => {
    let day = "1600-01-01";
    for (let number = utc(day); number < utc("2400-01-01"); number += 1) {
      if (addDays("1970-01-01", number) !== day) throw new Error(day);
      day = addDays(day, 1) ?? "";
    }
    expect(day).toBe("2400-01-01");
  });

  it("ends with the years 1 and 9999", () => {
    expect(addDays("9999-12-31", 1)).toBeNull();
    expect(addDays("0001-01-01", -1)).toBeNull();
    expect(shifted("9999-12-31T23:59:59", 0, 1)).toBeNull();
    expect(shifted("0001-01-31", -1, 0)).toBeNull();
  });

  it("cuts the day to the month's last one", () => {
    expect(shifted("2026-01-31", 1, 0)).toBe("2026-02-28");
    expect(shifted("2024-02-29T08:00:00", 12, 3600)).toBe("2025-02-28T09:00:00");
    expect(ageYears("2000-02-29T00:00:00", "2026-02-28T00:00:00")).toBe(25);
  });

  it("knows which days and minutes there are", () => {
    expect(["2026-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-3-5", "2026-03-05T00:00"].map(readDate)).toEqual(
      Array(6).fill(null),
    );
    expect(readDatetime("2026-03-05 14:20")).toBe("2026-03-05T14:20:00");
    expect(["2026-03-05", "2026-03-05T24:00", "2026-03-05T14:20:00Z"].map(readDatetime)).toEqual(Array(3).fill(null));
    expect(["14:20", "14:20:05", "14:60"].map(readTime)).toEqual(["14:20:00", "14:20:05", null]);
  });
});

describe("the context", () => {
  it.each([
    ["2026-03-05T18:00:00+00:00", "Asia/Shanghai", "2026-03-06T02:00:00"],
    ["2026-07-05T18:00:00Z", "America/New_York", "2026-07-05T14:00:00"],
    ["2026-03-05T16:00:00Z", "Asia/Shanghai", "2026-03-06T00:00:00"],
    ["2026-03-05T18:00:07.999", "America/New_York", "2026-03-05T18:00:07"],
    ["2026-03-05 18:00:07", "UTC", "2026-03-05T18:00:07"],
  ])("%s in %s is %s", (moment, zone, now) => expect(contextAt(moment, zone)).toEqual({ now }));
});
