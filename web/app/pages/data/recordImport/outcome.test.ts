import { describe, expect, it } from "vitest";

import { aDatabase, aField, aType } from "../testing";
import { accepted, looksLikeRedcap, placeOf } from "./outcome";

const patient = aType("patient", [aField("record_id"), aField("height")]);
const visit = aType("visit", [aField("weight")], { parent: "patient" });
const database = aDatabase([patient, visit]);

describe("where a column goes", () => {
  it("is a field, or the reason why it is missing", () => {
    expect(placeOf(database, patient, "height")).toMatchObject({ type: undefined, field: { code: "height" }, place: "" });
    expect(placeOf(database, patient, "height.missing")).toMatchObject({ field: { code: "height" }, place: "missing" });
  });

  it("is the record above, by its key or number", () => {
    expect(placeOf(database, visit, "patient.record_id")).toMatchObject({ type: { code: "patient" }, field: { code: "record_id" } });
    expect(placeOf(database, visit, "patient.id")).toMatchObject({ type: { code: "patient" }, field: undefined, place: "id" });
    expect(placeOf(database, visit, "repeat_key")).toMatchObject({ type: undefined, place: "repeat_key" });
  });
});

describe("a file of REDCap's data", () => {
  it("is told by its own columns", () => {
    expect(looksLikeRedcap('record_id,"redcap_event_name",sex\n1,a,2')).toBe(true);
    expect(looksLikeRedcap("record_id;race___1;race___2")).toBe(true);
    expect(looksLikeRedcap("record_id,demographics_complete")).toBe(true);
    expect(looksLikeRedcap("record_id,complete_blood_count\n1,x___y")).toBe(false);
  });
});

it("rows that are not rejected can be imported", () => {
  expect(accepted({ rows: 10, rejected_rows: 3 })).toBe(7);
});
