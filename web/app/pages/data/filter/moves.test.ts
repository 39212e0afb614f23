import { beforeEach, describe, expect, it } from "vitest";

import { condition, type Group, group, related } from "./model";
import { duplicate, insertAfter, moveBy, moveTo, relatedAround, remove, wrap } from "./moves";

/** The filter's conditions by path, groups in brackets. */
function drawn({ items }: Group): string {
  return items
    .map((item) => {
      if (item.kind === "condition") return item.path;
      if (item.kind === "related") return `{${drawn(item.body)}}`;
      return item.kind === "group" ? `(${drawn(item)})` : "text";
    })
    .join(" ");
}

const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((path) => condition({ path }));
let inner: Group;
let body: Group;
let root: Group;

beforeEach(() => {
  if (!a || !b || !c || !d || !e) throw new Error("conditions");
  inner = group("any", [b, c]);
  body = group("all", [e]);
  root = group("all", [a, inner, d, related("lesion", { body })]);
});
const id = (part: { id: number } | undefined) => part?.id ?? -1;

describe("moving by keys", () => {
  it("goes past neighbours, into groups and out of them", () => {
    moveBy(root, id(a), 1);
    expect(drawn(root)).toBe("(a b c) d {e}");
    moveBy(root, id(a), -1);
    expect(drawn(root)).toBe("a (b c) d {e}");
    moveBy(root, id(d), -1);
    expect(drawn(root)).toBe("a (b c d) {e}");
    moveBy(root, id(d), 1);
    moveBy(root, id(d), 1);
    expect(drawn(root)).toBe("a (b c) {e} d");
  });

  it("stays at the edges and within related records, and goes past a collapsed group", () => {
    expect([moveBy(root, id(a), -1), moveBy(root, id(e), 1)]).toEqual([false, false]);
    inner.collapsed = true;
    moveBy(root, id(a), 1);
    expect(drawn(root)).toBe("(b c) a d {e}");
  });
});

describe("moving by pointer", () => {
  it("puts a part before the place it had", () => {
    expect(moveTo(root, id(d), inner, 1)).toBe(true);
    expect(drawn(root)).toBe("a (b d c) {e}");
  });

  it("counts places as they were before it left", () => {
    moveTo(root, id(a), root, 3);
    expect(drawn(root)).toBe("(b c) d a {e}");
  });

  it("refuses a group into itself and a condition on other records", () => {
    expect(moveTo(root, inner.id, inner, 0)).toBe(false);
    expect(moveTo(root, id(a), body, 0)).toBe(false);
    expect(moveTo(root, id(e), root, 0)).toBe(false);
    expect(drawn(root)).toBe("a (b c) d {e}");
  });
});

it("duplicates with ids of its own, wraps, inserts and removes", () => {
  const copy = duplicate(root, inner.id);
  expect(copy?.id).not.toBe(inner.id);
  wrap(root, id(d));
  insertAfter(root, id(b), condition({ path: "new" }));
  remove(root, id(a));
  expect(drawn(root)).toBe("(b new c) (b c) (d) {e}");
});

it("knows which related records a condition is about", () => {
  expect(relatedAround(root, id(e))?.records).toBe("lesion");
  expect(relatedAround(root, body.id)?.records).toBe("lesion");
  expect(relatedAround(root, id(b))).toBeNull();
});
