/** Units that change with their values. */

import { describe, expect, it } from "vitest";

import { converted, faultOf, unitSettings } from "./conversion";

describe("a change of unit", () => {
  it("says how stored values follow, and takes the bounds along", () => {
    const field = { code: "crea", type: "decimal" as const, unit: "umol/L", minimum: 10, maximum: 2000 };
    expect(unitSettings(field, { unit: " mg/dL ", factor: "0.01131", offset: "" })).toEqual({
      unit: "mg/dL", convert: { step: 1, factor: "0.01131", offset: "0" }, minimum: 0.1131, maximum: 22.62,
    });
  });

  it("is a further one after the first, and turns bounds round where the factor is negative", () => {
    const field = { code: "depth", type: "integer" as const, minimum: 1, convert: { step: 3, factor: "2" } };
    expect(unitSettings(field, { unit: "", factor: "-1", offset: "0" })).toEqual({
      unit: null, convert: { step: 4, factor: "-1", offset: "0" }, minimum: null, maximum: -1,
    });
  });

  it("refuses what the server would", () => {
    expect(faultOf("factor", "0")).toBe("factorZero");
    expect(faultOf("factor", "1e3")).toBe("notANumber");
    expect(faultOf("offset", "0")).toBeNull();
    expect(faultOf("offset", "-273.15")).toBeNull();
  });

  it("shows an example without the noise of floating point", () => {
    expect(converted(37, { factor: "1.8", offset: "32" })).toBe(98.6);
  });
});
