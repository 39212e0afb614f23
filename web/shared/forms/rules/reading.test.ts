import { describe, expect, it } from "vitest";

import type { Reading } from "../../api/types";
import { read, Unreadable } from "./reading";

function codeOf(reading: Reading, typed: unknown): string {
  try {
    read(reading, typed);
  } catch (error) {
    return (error as Unreadable).code;
  }
  return "";
}

const DECIMAL: Reading = { as: "decimal", places: 2 };

describe("reading what is typed", () => {
  it.each<[Reading, unknown, unknown]>([
    [DECIMAL, " １７０．５0 ", "170.5"],
    [DECIMAL, "-.5", "-0.5"],
    [DECIMAL, "1e3", "1000"],
    [DECIMAL, "92233720368547758.07", "92233720368547758.07"],
    [{ as: "decimal", places: 1, decimal_mark: ",", thousands: "." }, "1.234,5", "1234.5"],
    [{ as: "integer" }, "12.0", "12"],
    [{ as: "integer" }, "9223372036854775807", "9223372036854775807"],
    [{ as: "number" }, "+1.5", 1.5],
    [{ as: "boolean" }, "是", true],
    [{ as: "date" }, "2024年2月29日", "2024-02-29"],
    [{ as: "date" }, "20240229", "2024-02-29"],
    [{ as: "date", text_format: "dmy" }, "05/03/2026", "2026-03-05"],
    [{ as: "time" }, "9:05", "09:05:00"],
    [{ as: "datetime" }, "2026/3/5 9:05", "2026-03-05T09:05:00"],
    [{ as: "datetime" }, "2026-03-05T14:20:07", "2026-03-05T14:20:07"],
    [{ as: "text", most: 5 }, "  好的　", "好的"],
    [{ as: "long_text", most: 5 }, " 好 ", " 好 "],
    [{ as: "choices", retired: [] }, ["a", "b", "a"], ["a", "b"]],
    [{ as: "choices", retired: [] }, [], null],
    [{ as: "date" }, "  ", null],
    [{ as: "text", most: 5 }, null, null],
  ])("%j of %j", (reading, typed, value) => {
    expect(read(reading, typed)).toEqual(value);
  });

  it.each<[Reading, unknown, string]>([
    [DECIMAL, "1.005", "too_precise"],
    [DECIMAL, "1,5", "not_a_number"],
    [DECIMAL, "92233720368547758.08", "out_of_range"],
    [{ as: "integer" }, "1.5", "not_whole"],
    [{ as: "integer" }, "9223372036854775808", "out_of_range"],
    [{ as: "number" }, "1e999", "out_of_range"],
    [{ as: "boolean" }, "perhaps", "not_boolean"],
    [{ as: "date" }, "2026-02-29", "not_a_date"],
    [{ as: "date" }, "05/03/2026", "not_a_date"],
    [{ as: "time" }, "24:00", "not_a_time"],
    [{ as: "time" }, "14:20+08:00", "time_zone"],
    [{ as: "datetime" }, "2026-03-05", "no_time"],
    [{ as: "text", most: 2 }, "一二三", "too_long"],
    [{ as: "text", most: 2 }, "\u{1F600}\u{1F600}", ""],
    [{ as: "text", most: 9 }, "\ud800", "bad_character"],
    [{ as: "choice", retired: ["old"] }, "old", "inactive_choice"],
    [{ as: "choices", retired: ["old"] }, ["new", "old"], "inactive_choice"],
  ])("%j refuses %j: %s", (reading, typed, code) => {
    expect(codeOf(reading, typed)).toBe(code);
  });

  it("counts in words", () => {
    expect(() => read({ as: "text", most: 1000 }, "x".repeat(1001))).toThrow("1,000");
  });
});
