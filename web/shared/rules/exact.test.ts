import { describe, expect, it } from "vitest";

import { compareExact, LongNumber, plainDigits, readExact } from "./exact";

const read = (stored: unknown) => {
  const found = readExact(stored);
  if (found === null) throw new Error(`${stored} is no number`);
  return found;
};

describe("stored numbers", () => {
  it.each([
    ["8.10", 8.1],
    ["-0.05", -0.05],
    ["1000000000000000000", 1e18],
    [0.1, 0.1],
    ["1e3", 1000],
  ])("%j is the plain number %j", (stored, plain) => expect(read(stored)).toBe(plain));

  it.each(["9007199254740993", "0.1234567890123456", "1e-400", "1e400"])("%s keeps its digits", (stored) =>
    expect(read(stored)).toBeInstanceOf(LongNumber),
  );

  it.each(["", "abc", "1,000", "1.", ".5", "0x10", "NaN", NaN, Infinity, true, null, undefined, [1], {}])(
    "%j is no number",
    (stored) => expect(readExact(stored)).toBeNull(),
  );

  it.each([
    ["9007199254740993", "9007199254740992", 1],
    ["9007199254740993", 9007199254740992, 1],
    ["12345678901234567890", "12345678901234567890.0", 0],
    ["0.10000000000000001", 0.1, 1],
    ["-0.10000000000000001", "-0.1", -1],
    ["100000000000000000001", 1e20, 1],
    ["1e-400", 0, 1],
  ])("%s against %s is %d", (left, right, order) => {
    expect(Math.sign(compareExact(read(left), read(right)))).toBe(order);
    expect(Math.sign(compareExact(read(right), read(left)))).toBe(order === 0 ? 0 : -order);
  });

  it.each([
    ["8.10", "8.1"],
    ["-8.00", "-8"],
    ["-0.00", "0"],
    ["1200", "1200"],
    [1e21, "1000000000000000000000"],
    [1.5e-7, "0.00000015"],
    ["9007199254740993.50", "9007199254740993.5"],
    ["-0.0000000000000000012345678901234567", "-0.0000000000000000012345678901234567"],
  ])("%s is written %s", (stored, text) => expect(plainDigits(read(stored))).toBe(text));
});
