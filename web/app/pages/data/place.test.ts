import { describe, expect, it } from "vitest";

import { readPlace, writePlace } from "./place";

describe("an address within the data", () => {
  it("brings a colleague to the same filter, order and record", () => {
    const place = {
      where: "[height] > 170 且 [sex] = '1'", order: { code: "exam_date", descending: true },
      trashed: false, record: 12, adding: false, parent: null,
    };
    expect(readPlace(writePlace(place))).toEqual(place);
  });

  it("keeps the record that the list is confined to, and below which one is added", () => {
    expect(writePlace(readPlace({ parent: "7", record: "9" }))).toEqual({ parent: "7", record: "9" });
    const query = writePlace({ where: "", order: null, trashed: false, record: null, adding: true, parent: 7 });
    expect(query).toEqual({ new: "1", parent: "7" });
    expect(readPlace(query)).toMatchObject({ adding: true, parent: 7 });
  });

  it("written by hand is taken as far as it makes sense", () => {
    expect(readPlace({ record: "-1", order: "a,b; drop", where: ["x", "y"], trashed: "yes" })).toEqual({
      where: "", order: null, trashed: false, record: null, adding: false, parent: null,
    });
  });
});
