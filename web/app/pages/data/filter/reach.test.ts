import { describe, expect, it } from "vitest";

import { aDatabase, aField, aType } from "../testing";
import { fieldChoices, matchesSearch, reach, relatedTypes } from "./reach";

const OPS = { operators: ["equals"] };
const database = aDatabase([
  aType("patient", [aField("sex", { ...OPS, label: { zh: "性别", en: "Sex" } }), aField("date", OPS), aField("phone", { ...OPS, visibility: "mask" })]),
  aType("visit", [aField("date", OPS), aField("old", { ...OPS, hidden: true })], { parent: "patient", repeats: true }),
  aType("lesion", [aField("size", OPS)], { parent: "visit", repeats: true, label: { zh: "病灶", en: "Lesion" } }),
]);
const [patient, visit, lesion] = database.record_types;
if (!patient || !visit || !lesion) throw new Error("types");

describe("what a path means", () => {
  it("is the nearest record's field, by code or name, else a named record type's", () => {
    const here = { database, type: visit };
    expect(reach("date", here)?.type).toBe(visit);
    expect(reach("性别", here)?.type).toBe(patient);
    expect(reach("patient.date", here)?.type).toBe(patient);
    expect(reach("病灶.size", here)?.type).toBe(lesion);
    expect(reach("nothing", here)).toBeNull();
  });

  it("within related records is theirs first, then what it means outside", () => {
    const inner = { database, type: lesion, outer: patient };
    expect(reach("size", inner)?.type).toBe(lesion);
    expect(reach("sex", inner)?.type).toBe(patient);
  });

  it("of what lies above related records is theirs, up to the record around", () => {
    expect(reach("date", { database, type: lesion, outer: patient })?.type).toBe(visit);
    expect(reach("visit.date", { database, type: lesion, outer: patient })?.type).toBe(visit);
    expect(reach("patient.date", { database, type: lesion, outer: patient })?.type).toBe(patient);
    expect(reach("date", { database, type: visit, outer: patient })?.type).toBe(visit);
  });
});

describe("fields to choose", () => {
  it("are own, then ancestors', then related records'; none that is masked or hidden", () => {
    const paths = fieldChoices({ database, type: visit }).map(({ type, near, options }) => [type.code, near, options.map(({ path }) => path)]);
    expect(paths).toEqual([["visit", true, ["date"]], ["patient", true, ["sex", "patient.date"]], ["lesion", false, ["lesion.size"]]]);
  });

  it("within related records are theirs and those of the records above, up to the record around", () => {
    const paths = (outer: typeof patient) => fieldChoices({ database, type: lesion, outer }).map(({ type, options }) => [type.code, options.map(({ path }) => path)]);
    expect(paths(patient)).toEqual([["lesion", ["size"]], ["visit", ["date"]]]);
    expect(paths(visit)).toEqual([["lesion", ["size"]]]);
    expect(relatedTypes(database, visit).map(({ code }) => code)).toEqual(["lesion"]);
  });

  it("are found by both names, code and record type", () => {
    const option = { type: lesion, field: aField("size", { label: { zh: "长径", en: "Long diameter" } }), path: "size" };
    expect(["长径", "DIAM", "size", "病灶 长", ""].map((typed) => matchesSearch(option, typed))).toEqual([true, true, true, true, true]);
    expect(matchesSearch(option, "height")).toBe(false);
  });
});
