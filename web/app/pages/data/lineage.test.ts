import { describe, expect, it } from "vitest";

import { MASKED } from "../../../shared/api/types";
import { anchorOf, lineOf } from "./lineage";
import { aDatabase, aField, aRecord, aType } from "./testing";

const patient = aType("patient", [aField("no")], { key: "no" });
const exam = aType("exam", [aField("date", { type: "date" })], { parent: "patient" });
const nodule = aType("nodule", [aField("size")], { parent: "exam" });
const database = aDatabase([patient, exam, nodule]);
const stored: Record<string, ReturnType<typeof aRecord>> = {
  "exam 20": aRecord({ date: "2026-03-05" }, { id: 20, parent: 3 }),
  "patient 3": aRecord({ no: "O'Neil" }, { id: 3 }),
};
const fetch = async (type: string, id: number) => stored[`${type} ${id}`] ?? Promise.reject(new Error("404"));

describe("what lies below a record", () => {
  it("is found by the key of its nearest ancestor that has one, quoted for the rule language", async () => {
    const line = await lineOf(database, nodule, aRecord({ size: 8 }, { id: 300, parent: 20 }), fetch);
    expect(line.map(({ type, record }) => `${type.code} ${record.id}`)).toEqual(["nodule 300", "exam 20", "patient 3"]);
    expect(anchorOf(line)).toMatchObject({ where: "[patient.no] = 'O''Neil'", record: { id: 3 } });
  });

  it("can't be found where the reader sees no key", () => {
    const masked = aType("patient", [aField("no", { visibility: "mask" })], { key: "no" });
    expect(anchorOf([{ type: masked, record: aRecord({ no: MASKED }) }])).toBeNull();
    expect(anchorOf([{ type: exam, record: aRecord({ date: "2026-03-05" }) }])).toBeNull();
  });
});
