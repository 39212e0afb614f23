// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { KEPT, recentFirst, recentPlaces, rememberPlace } from "./recentPlaces";

beforeEach(() => localStorage.clear());

describe("places one was at", () => {
  it("are kept once each, the latest first, for each user apart", () => {
    for (const id of ["a", "b", "a"]) rememberPlace(1, id);
    expect(recentPlaces(1)).toEqual(["a", "b"]);
    expect(recentPlaces(2)).toEqual([]);
  });

  it("are not kept without end", () => {
    for (let i = 0; i < KEPT + 5; i += 1) rememberPlace(1, `place ${i}`);
    expect(recentPlaces(1)).toHaveLength(KEPT);
    expect(recentPlaces(1)[0]).toBe(`place ${KEPT + 4}`);
  });

  it("that can't be read are none", () => {
    localStorage.setItem("zhenshu.places.1", "{broken");
    expect(recentPlaces(1)).toEqual([]);
  });

  it("come before the others, which keep their order", () => {
    const entries = ["a", "b", "c", "d"].map((id) => ({ id }));
    expect(recentFirst(entries, ["c", "gone", "b"]).map(({ id }) => id)).toEqual(["c", "b", "a", "d"]);
  });
});
