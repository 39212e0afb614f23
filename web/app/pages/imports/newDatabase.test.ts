import { describe, expect, it } from "vitest";

import { blankDocument } from "./newDatabase";

const given = { code: "heart", zh: " 心脏 ", en: "", category: "specialty" as const, description: "" };

describe("a new database", () => {
  it("has patients, told by a number that each must have", () => {
    const [patient] = blankDocument(given).record_types;

    expect(patient?.key).toBe("patient_no");
    expect(patient?.fields).toMatchObject([{ code: "patient_no", required: true }]);
  });

  it("is called by what was typed, else by its code", () => {
    expect(blankDocument(given).label).toEqual({ zh: "心脏", en: "" });
    expect(blankDocument({ ...given, zh: "", en: "Heart" }).label).toEqual({ zh: "Heart", en: "Heart" });
    expect(blankDocument({ ...given, zh: "" }).label).toEqual({ zh: "heart", en: "" });
  });

  it("says nothing of a description that was not given", () => {
    expect(blankDocument(given)).not.toHaveProperty("description");
  });
});
