import { describe, expect, it } from "vitest";

import { lineOf } from "./lineage";
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

describe("the line of a record", () => {
  it("goes from its parent to the top", async () => {
    const line = await lineOf(database, nodule, aRecord({ size: 8 }, { id: 300, parent: 20 }), fetch);
    expect(line.map(({ type, record }) => `${type.code} ${record.id}`)).toEqual(["nodule 300", "exam 20", "patient 3"]);
  });
});
