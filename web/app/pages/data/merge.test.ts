import { describe, expect, it } from "vitest";

import { MASKED } from "../../../shared/api/types";
import { answersOf } from "./entry";
import { merged, mergeOf } from "./merge";
import { aField, aRecord } from "./testing";

const fields = [aField("height", { type: "decimal" }), aField("weight", { type: "decimal" }), aField("name", { visibility: "mask" })];
const read = answersOf(fields, aRecord({ height: 170, weight: 60, name: MASKED }));
const typing = (height: string, name: string | null = null) => ({
  ...read, height: { value: height, missing: "" }, name: { value: name, missing: "" },
});

describe("two editors of one record", () => {
  it("who changed different fields both keep their changes", () => {
    const mine = typing("171");
    const merge = mergeOf(fields, read, mine, aRecord({ height: 170, weight: 65, name: MASKED }), ["weight"]);
    expect(merge.conflicts).toEqual([]);
    expect(merge.taken.map(({ field }) => field.code)).toEqual(["weight"]);
    expect(merged(mine, merge, {})).toMatchObject({ height: { value: "171" }, weight: { value: "65" } });
  });

  it("who changed the same field are asked, and either can be taken", () => {
    const mine = typing("171");
    const merge = mergeOf(fields, read, mine, aRecord({ height: 172, weight: 60, name: MASKED }), ["height"]);
    expect(merge.conflicts).toMatchObject([{ mine: { value: "171" }, theirs: { value: "172" } }]);
    expect(merged(mine, merge, { height: "mine" }).height?.value).toBe("171");
    expect(merged(mine, merge, { height: "theirs" }).height?.value).toBe("172");
  });

  it("who typed the same are not bothered", () => {
    expect(mergeOf(fields, read, typing("172"), aRecord({ height: 172, weight: 60, name: MASKED }), ["height"]).conflicts).toEqual([]);
  });

  it("are asked about a masked field, whose change can't be seen", () => {
    const merge = mergeOf(fields, read, typing("170", "王强"), aRecord({ height: 170, weight: 60, name: MASKED }), ["name"]);
    expect(merge.conflicts.map(({ field }) => field.code)).toEqual(["name"]);
  });
});
