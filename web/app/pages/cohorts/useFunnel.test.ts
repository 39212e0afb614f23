// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { effectScope, nextTick, reactive } from "vue";

import { ApiError } from "../../../shared/api/errors";
import type { CriterionInput, Funnel } from "../../../shared/api/types";
import { type Criterion, newCriterion } from "./criteria";
import { useFunnel } from "./useFunnel";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const where = { in: "", out: "", unknown: "" };
function funnelOf(criteria: readonly CriterionInput[]): Funnel {
  return { total: 9, where: "", steps: criteria.map(({ kind }, i) => ({ kind, in: 8 - i, out: 1, unknown: 0, where })) };
}

function ready(text: string): Criterion {
  return { ...newCriterion("include"), where: text, ready: true };
}

function started(criteria: Criterion[], answer = funnelOf) {
  const asked: string[] = [];
  const list = reactive(criteria);
  const made = effectScope().run(() =>
    useFunnel(() => list, async (given) => {
      asked.push(given.map((each) => each.where).join(";"));
      return Promise.resolve(answer(given));
    }),
  );
  if (!made) throw new Error("no scope");
  const settle = async () => {
    await nextTick();
    await vi.advanceTimersByTimeAsync(400);
  };
  return { list, asked, counted: made, settle };
}

it("counts what is filled in, once per pause, and again after a change", async () => {
  const { list, asked, counted, settle } = started([ready("a"), newCriterion("exclude"), ready("b")]);
  await settle();
  expect(asked).toEqual(["a;b"]);
  expect(counted.stale.value).toBe(false);

  list.reverse();
  await nextTick();
  expect(counted.stale.value).toBe(true);
  expect(counted.funnel.value).not.toBeNull();
  await settle();
  expect(asked).toEqual(["a;b", "b;a"]);
});

it("gives the steps to the criteria that were counted, wherever those stand now", async () => {
  const [first, half, second] = [ready("a"), newCriterion("exclude"), ready("b")];
  const { counted, settle } = started([first, half, second]);
  await settle();
  expect(counted.steps.value.get(first.id)?.in).toBe(8);
  expect(counted.steps.value.get(second.id)?.in).toBe(7);
  expect(counted.steps.value.has(half.id)).toBe(false);
});

it("does not count again for another name of a criterion", async () => {
  const { list, asked, settle } = started([ready("a")]);
  await settle();
  if (list[0]) list[0].label = { zh: "成人", en: "" };
  await settle();
  expect(asked).toEqual(["a"]);
});

it("keeps the last counts when one is wrong, and says which", async () => {
  const [half, first, second] = [newCriterion("include"), ready("a"), ready("b")];
  let isWrong = false;
  const { list, counted, settle } = started([half, first, second], (given) => {
    if (isWrong) throw new ApiError("CriterionWrong", 422, "", { number: 2 }, "");
    return funnelOf(given);
  });
  await settle();
  isWrong = true;
  if (list[2]) list[2].where = "c";
  await settle();
  expect(counted.wrong.value).toBe(second.id);
  expect(counted.stale.value).toBe(true);
  expect(counted.funnel.value?.steps).toHaveLength(2);
});
