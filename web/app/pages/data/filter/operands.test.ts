import { describe, expect, it } from "vitest";

import { daysNode, isDrawable, numberNode, readDays, readRecent, recentOperands, typedText } from "./operands";
import { call, field, negative, num, txt } from "./testing";

describe("numbers as they are typed", () => {
  it.each([["8", num("8")], [" 1,234.50 ", num("1234.50")], ["-5", negative("5")], ["－5", negative("5")], ["1e-3", num("1e-3")]])(
    "%s",
    (typed, node) => expect(numberNode(typed)).toEqual(node),
  );
  it.each(["", "-", "abc", "1.2.3", "<script>", "NaN", "Infinity", "0x10"])("%s is none", (typed) => expect(numberNode(typed)).toBeNull());

  it("are shown as they were written", () => {
    expect([typedText(negative("5.50")), typedText(num("1234567890.123456789")), typedText(null)]).toEqual(["-5.50", "1234567890.123456789", ""]);
  });
});

describe("days from today", () => {
  it.each([-30, 0, 7])("%d", (days) => expect(readDays(daysNode({ days, now: false }))).toEqual({ days, now: false }));

  it("are whole, and counted from today or now", () => {
    const odd = [call("add_days", call("today"), num("1.5")), call("add_days", field("seen"), num("1")), call("add_days", call("today"), field("n")), call("today", num("1"))];
    expect(odd.map(readDays)).toEqual([null, null, null, null]);
    expect(readDays(call("add_days", call("add_days", call("today"), num("1")), num("1")))).toBeNull();
  });

  it("between some days ago and today is the last days", () => {
    expect(readRecent(recentOperands(30, false))).toBe(30);
    expect(readRecent(recentOperands(7, true))).toBe(7);
    expect(readRecent([daysNode({ days: -30, now: false }), daysNode({ days: 1, now: false })])).toBeNull();
  });
});

it("draws constants and days; formulas stay texts", () => {
  expect([num("1"), negative("1"), txt(""), call("today")].map(isDrawable)).toEqual([true, true, true, true]);
  expect([field("a"), call("max", field("a")), { n: "missing" as const }].map(isDrawable)).toEqual([false, false, false]);
});
