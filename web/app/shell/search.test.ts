import { describe, expect, it } from "vitest";

import { search } from "./search";

const entries = [
  { title: "病种库", words: ["Databases"], rank: 0 },
  { title: "肺结节", words: ["Lung nodule", "lung_nodule"], rank: 1 },
  { title: "结节大小", words: ["Nodule size", "nodule_size"], rank: 3 },
  { title: "肝脏结节", words: ["Liver nodule", "liver"], rank: 1 },
];
const found = (query: string) => search(entries, query).map(({ title }) => title);

describe("the palette", () => {
  it("finds by name in either language and by code", () => {
    expect(found("肺")).toEqual(["肺结节"]);
    expect(found("lung nod")).toEqual(["肺结节"]);
    expect(found("nodule_s")).toEqual(["结节大小"]);
  });

  it("puts what begins with the words before what holds them", () => {
    expect(found("结节")).toEqual(["结节大小", "肺结节", "肝脏结节"]);
  });

  it("forgives left-out characters, but not a wrong one", () => {
    expect(found("lnod")).toEqual(["肺结节", "肝脏结节"]);
    expect(found("lnodx")).toEqual([]);
  });

  it("needs every word", () => expect(found("nodule 胃")).toEqual([]));

  it("lists all for a blank query, no more than asked for", () => {
    expect(found("  ")).toHaveLength(4);
    expect(search(entries, "", 2)).toHaveLength(2);
  });
});
