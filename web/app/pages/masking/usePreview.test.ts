// @vitest-environment happy-dom

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick, reactive } from "vue";

import type { MaskingPreview, ParameterValue } from "../../../shared/api/types";
import { usePreview } from "./usePreview";

type Ask = (method: string, parameters: Record<string, ParameterValue>, samples: readonly string[]) => Promise<MaskingPreview>;

const mask: Ask = (method, { first }, samples) =>
  Promise.resolve({ problems: [], items: (samples.length > 0 ? samples : ["invented"]).map((before) => ({ before, after: `${method}${String(first)} ${before.length}` })) });

function preview(ask: Ask = mask) {
  const source = reactive({ method: "pattern", parameters: { first: 1 } as Record<string, ParameterValue> });
  const scope = effectScope();
  return { source, scope, ...(scope.run(() => usePreview(() => source, ask)) as ReturnType<typeof usePreview>) };
}

describe("the preview of a masking method", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("begins with what the server invents, and follows the parameters", async () => {
    const { source, answer } = preview();
    await vi.runAllTimersAsync();
    expect(answer.value.items).toEqual([{ before: "invented", after: "pattern1 8" }]);
    source.parameters = { first: 2 };
    await vi.runAllTimersAsync();
    expect(answer.value.items[0]?.after).toBe("pattern2 8");
  });

  it("keeps what was typed while parameters change, and lets it go with the method", async () => {
    const { source, answer, samples, type } = preview();
    await vi.runAllTimersAsync();
    type(0, "mine");
    source.parameters = { first: 0 };
    await vi.runAllTimersAsync();
    expect(answer.value.items).toEqual([{ before: "mine", after: "pattern0 4" }]);
    source.method = "name";
    await nextTick();
    expect(samples.value).toEqual([]);
  });

  it("shows the last question's answer, whichever comes last", async () => {
    const waiting: ((answer: MaskingPreview) => void)[] = [];
    const { source, answer } = preview(() => new Promise((resolve) => waiting.push(resolve)));
    source.parameters = { first: 2 };
    await vi.runAllTimersAsync();
    const said = (after: string) => ({ items: [{ before: "x", after }], problems: [] });
    waiting[1]?.(said("new"));
    waiting[0]?.(said("old"));
    await vi.runAllTimersAsync();
    expect(answer.value.items[0]?.after).toBe("new");
  });

  it("keeps the last answer in sight when the server can't be reached", async () => {
    let broken = false;
    const { source, answer, failure } = preview((...given) => (broken ? Promise.reject(new Error("lost")) : mask(...given)));
    await vi.runAllTimersAsync();
    broken = true;
    source.parameters = { first: 2 };
    await vi.runAllTimersAsync();
    expect(failure.value).toBeInstanceOf(Error);
    expect(answer.value.items).toHaveLength(1);
  });
});
