import { describe, expect, it } from "vitest";

import type { SavedCohort } from "../../../shared/api/types";
import { contentOf, countable, criteriaOf, type Criterion, moveBy, moveTo, newCriterion } from "./criteria";

function named(...wheres: string[]): Criterion[] {
  return wheres.map((where) => ({ ...newCriterion("include"), where, ready: true }));
}
const wheres = (criteria: readonly Criterion[]) => criteria.map(({ where }) => where).join("");
const idOf = (criteria: readonly Criterion[], where: string) => criteria.find((each) => each.where === where)?.id ?? 0;

describe("the order of criteria", () => {
  it("changes by one place with a key, and not beyond the edges", () => {
    const criteria = named("a", "b", "c");

    expect(moveBy(criteria, idOf(criteria, "b"), -1)).toBe(true);
    expect(wheres(criteria)).toBe("bac");
    expect(moveBy(criteria, idOf(criteria, "a"), 1)).toBe(true);
    expect(wheres(criteria)).toBe("bca");
    expect(moveBy(criteria, idOf(criteria, "a"), 1)).toBe(false);
    expect(moveBy(criteria, idOf(criteria, "b"), -1)).toBe(false);
    expect(wheres(criteria)).toBe("bca");
  });

  it("changes by dragging one before another or to the end", () => {
    const criteria = named("a", "b", "c");

    moveTo(criteria, idOf(criteria, "a"), 2);
    expect(wheres(criteria)).toBe("bac");
    moveTo(criteria, idOf(criteria, "b"), 3);
    expect(wheres(criteria)).toBe("acb");
    moveTo(criteria, idOf(criteria, "b"), 0);
    expect(wheres(criteria)).toBe("bac");
    moveTo(criteria, 0, 1); // none of these
    expect(wheres(criteria)).toBe("bac");
  });
});

describe("a saved cohort", () => {
  const label = { zh: "成人", en: "Adults" };
  const problem = { zh: "没有了", en: "gone" };
  const saved = {
    criteria: [
      { kind: "include", label, where: "[a] > 1", written: "[a] > 1", problem: null },
      { kind: "exclude", label, where: null, written: "[gone] > 1", problem },
    ],
  } as unknown as SavedCohort;

  it("counts the criteria that can be used, and shows what the others were", () => {
    const criteria = criteriaOf(saved);

    expect(countable(criteria).map(({ where }) => where)).toEqual(["[a] > 1"]);
    expect(criteria[1]).toMatchObject({ where: "[gone] > 1", ready: false, problem });
  });

  it("is unchanged as long as what would be saved is the same", () => {
    const [first, second] = [criteriaOf(saved), criteriaOf(saved)];

    expect(contentOf("x ", "", false, first)).toBe(contentOf("x", "", false, second));
    moveBy(second, second[0]?.id ?? 0, 1);
    expect(contentOf("x", "", false, first)).not.toBe(contentOf("x", "", false, second));
  });
});
