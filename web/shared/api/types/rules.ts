/** What the server says about a rule. */

export type CheckedRule =
  | { ok: true; type: string }
  | {
      ok: false;
      error: {
        code: string;
        line: number;
        column: number;
        caret: string;
        suggestion: string;
        suggestion_zh: string;
        zh: string;
        en: string;
      };
    };
