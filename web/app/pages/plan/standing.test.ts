import { describe, expect, it } from "vitest";

import type { Operation, Outdated } from "../../../shared/api/types";
import { progressOf, standingOf } from "./standing";
import { aPlan } from "./testing";

const byDraft: Outdated = { reason: "draft", who: "wang", at: null, number: null };

describe("where a plan stands", () => {
  it.each([
    ["can be published", {}, "ready"],
    ["waits for an approval", { needs_approval: true }, "waiting"],
    ["was outgrown by the draft, approved or not", { outdated: byDraft, needs_approval: true }, "outdated"],
    ["is being published by somebody", { state: "expanded", begun: true, running: true }, "running"],
    ["stopped half-way", { state: "expanded", begun: true }, "interrupted"],
    ["stopped half-way and was outgrown since", { state: "expanded", begun: true, outdated: byDraft }, "failed"],
    ["is half taken back", { state: "failed", begun: true }, "failed"],
    ["is live", { state: "swapped", release: 2 }, "published"],
    ["was given up", { state: "superseded", outdated: { ...byDraft, reason: "abandoned" } }, "abandoned"],
    ["made room for another", { state: "superseded", outdated: { ...byDraft, reason: "plan", number: 8 } }, "outdated"],
  ] as const)("%s", (_, more, expected) => expect(standingOf(aPlan(more), false)).toBe(expected));

  it("is running while this page's own request is on its way, until it is live", () => {
    expect(standingOf(aPlan(), true)).toBe("running");
    expect(standingOf(aPlan({ state: "swapped", release: 2 }), true)).toBe("published");
  });
});

describe("the progress of a publish", () => {
  const operations = Array.from({ length: 10 }, () => ({}) as Operation);

  it("only ever rises, and ends before the whole until it is live", () => {
    const steps = [
      progressOf({ state: "planned", applied: 0, operations }),
      progressOf({ state: "planned", applied: 5, operations }),
      progressOf({ state: "expanded", applied: 10, operations }),
      progressOf({ state: "backfilled", applied: 10, operations }),
      progressOf({ state: "verified", applied: 10, operations }),
    ].map(({ share }) => share);

    expect(steps).toEqual([...steps].sort((one, other) => one - other));
    expect(new Set(steps).size).toBe(steps.length);
    expect(steps.at(-1)).toBeLessThan(1);
  });

  it("tells how many operations are done while tables are made", () => {
    expect(progressOf({ state: "planned", applied: 5, operations })).toEqual({ stage: "tables", share: 0.3, done: 5, total: 10 });
  });
});
