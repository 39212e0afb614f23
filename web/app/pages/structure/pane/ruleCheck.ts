/** A rule checked while it is typed: after a pause, the last text alone, over the stored draft. */

import type { DraftedRuleCheck, DraftProblem } from "../../../../shared/api/types";

const PAUSE = 400; // ms without a key

export type Ask = (expression: string, signal: AbortSignal) => Promise<DraftedRuleCheck>;
export type Mistake = Pick<DraftProblem, "zh" | "en" | "suggestion" | "severity">;

/** What is wrong, as the pane says it: the words, the place under the text, what was meant. */
export function mistakesOf({ error, problems }: DraftedRuleCheck): Mistake[] {
  if (!error) return problems;
  const said = (...parts: string[]) => parts.filter(Boolean).join("\n");
  const [zh, en] = [said(error.zh, error.caret, error.suggestion_zh), said(error.en, error.caret, error.suggestion)];
  return [{ zh, en, suggestion: "", severity: "error" }];
}

export interface RuleCheck {
  /** A text was typed. An empty one is no rule and can't be wrong. */
  typed(text: string): void;
  stop(): void;
}

/** @param show what is wrong with the last text; null where that is not known, as without a connection. */
export function ruleCheck(ask: Ask, show: (found: Mistake[] | null) => void): RuleCheck {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  function stop() {
    clearTimeout(timer);
    asking.abort();
  }

  async function check(text: string) {
    const mine = (asking = new AbortController());
    try {
      const answer = await ask(text, mine.signal);
      if (!mine.signal.aborted) show(mistakesOf(answer));
    } catch {
      if (!mine.signal.aborted) show(null); // saving it will tell
    }
  }

  return {
    stop,
    typed(text) {
      stop();
      if (text.trim() === "") show([]);
      else timer = setTimeout(() => void check(text.trim()), PAUSE);
    },
  };
}
