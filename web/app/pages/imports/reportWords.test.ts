import { describe, expect, it } from "vitest";

import type { ReportItem } from "../../../shared/api/types";
import { figures, found, grouped } from "./reportWords";

const item = (where: string, what: string, reason: string, text = ""): ReportItem => ({
  where, what: { zh: what, en: what }, reason: { zh: reason, en: reason }, text, field: "",
});

describe("the figures of a report", () => {
  it("say how many of the source's rules came over", () => {
    const counts = { variables: 1757, fields: 1677, "branching rules": 1236, "branching rules translated": 1146, events: 0 };

    expect(figures({ counts })).toEqual([
      { name: "fields", value: 1677, of: 1757 },
      { name: "rules", value: 1146, of: 1236 },
    ]);
  });

  it("are there even if nothing of a kind came over", () => {
    expect(figures({ counts: { "branching rules": 3 } })).toEqual([{ name: "rules", value: 0, of: 3 }]);
  });
});

describe("what was not carried over", () => {
  const items = [
    item("a:1 x", "列“Body System”（744 行有值）", "没有对应的属性"),
    item("a:1 y", "列“Score”（1 行有值）", "没有对应的属性"),
    item("a:2 z", "显示条件", "没有事件 v1", "[v1][age] > 3"),
    item("a:3 z", "显示条件", "没有事件 v1"),
    item("a:4 z", "显示条件", "没有事件 v1"),
  ];

  it("is grouped by what it is and why, the most frequent first, names aside", () => {
    expect(grouped(items).map(({ what, items: of }) => [what.zh, of.length])).toEqual([["显示条件", 3], ["列", 2]]);
  });

  it("has first what is about a field of the draft", () => {
    const about = { ...item("a:9 q", "取值界限", "不是固定值"), field: "patient.q" };

    expect(grouped([...items, about]).map(({ what }) => what.zh)).toEqual(["取值界限", "显示条件", "列"]);
  });

  it("is found by words of its place, its reason and its own text", () => {
    expect(found(items, "Z V1 age")).toEqual([items[2]]);
    expect(found(items, " ")).toHaveLength(5);
    expect(found(items, "nothing")).toEqual([]);
  });
});
