import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { DraftedRuleCheck } from "../../../../shared/api/types";
import { type Ask, type Mistake, mistakesOf, ruleCheck } from "./ruleCheck";

const FINE: DraftedRuleCheck = { ok: true, type: "boolean", problems: [] };
const WRONG: DraftedRuleCheck = {
  ok: false,
  error: {
    code: "UnknownField", line: 1, column: 1, caret: "[sx] = 1\n^^^^", zh: "没有字段 [sx]。", en: "There is no field [sx].",
    suggestion: "Did you mean [sex]?", suggestion_zh: "是否指 [sex]？",
  } as DraftedRuleCheck["error"],
  problems: [],
};
const CONDITION = { path: "", code: "rule_type", zh: "应为是非", en: "must give boolean", suggestion: "", severity: "error" as const };

describe("what is said about a rule", () => {
  it("shows the place under the text and what was meant, in each language", () => {
    const [mistake] = mistakesOf(WRONG);
    expect(mistake?.zh).toBe("没有字段 [sx]。\n[sx] = 1\n^^^^\n是否指 [sex]？");
    expect(mistake?.en).toBe("There is no field [sx].\n[sx] = 1\n^^^^\nDid you mean [sex]?");
  });

  it("tells what the rule's place asks of it", () => {
    expect(mistakesOf({ ok: false, type: "number", problems: [CONDITION] })).toEqual([CONDITION]);
    expect(mistakesOf(FINE)).toEqual([]);
  });
});

describe("checking while typing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function typing(ask: Ask) {
    const shown: (Mistake[] | null)[] = [];
    return { shown, check: ruleCheck(ask, (found) => shown.push(found)) };
  }

  it("asks once someone pauses, for the last text alone", async () => {
    const ask = vi.fn<Ask>(() => Promise.resolve(WRONG));
    const { shown, check } = typing(ask);
    for (const text of ["[", "[s", "[sx] = 1 "]) {
      check.typed(text);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(ask).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(400);
    expect(ask.mock.calls.map(([text]) => text)).toEqual(["[sx] = 1"]);
    expect(shown).toEqual([mistakesOf(WRONG)]);
  });

  it("shows no answer about an earlier text", async () => {
    let answer!: (given: DraftedRuleCheck) => void;
    const { shown, check } = typing(() => new Promise((resolve) => (answer = resolve)));
    check.typed("[sx]");
    await vi.advanceTimersByTimeAsync(500);
    check.typed("[sex]");
    answer(WRONG);
    await vi.advanceTimersByTimeAsync(100);
    expect(shown).toEqual([]);
  });

  it("finds nothing wrong with an empty text and does not ask", async () => {
    const ask = vi.fn<Ask>(() => Promise.resolve(WRONG));
    const { shown, check } = typing(ask);
    check.typed("  ");
    await vi.advanceTimersByTimeAsync(500);
    expect(ask).not.toHaveBeenCalled();
    expect(shown).toEqual([[]]);
  });

  it("says nothing where it could not ask", async () => {
    const { shown, check } = typing(() => Promise.reject(new Error("no connection")));
    check.typed("[sx]");
    await vi.advanceTimersByTimeAsync(500);
    expect(shown).toEqual([null]);
  });
});
