/** What the server says about a rule. */

import type { DraftProblem } from "./drafts";
import type { RuleTree } from "./filters";

export type CheckedRule =
  | { ok: true; type: string }
  | {
      ok: false;
      error: {
        code: string;
        line: number;
        column: number;
        caret: string;
        /** Of the place in the text, in characters (not UTF-16 units) from 0. */
        start: number;
        end: number;
        suggestion: string;
        suggestion_zh: string;
        /** What could stand there instead, the likeliest first. */
        fixes: string[];
        zh: string;
        en: string;
      };
    };

/** A rule with its tree; where types don't fit, the tree is there all the same. */
export type ParsedRule = CheckedRule & { tree?: RuleTree };

/** The answer to a check with `draft: true`: also what the rule's place asks of it, as far as it can be read. */
export interface DraftedRuleCheck {
  ok: boolean;
  type?: string;
  error?: Extract<CheckedRule, { ok: false }>["error"];
  problems: DraftProblem[];
}
