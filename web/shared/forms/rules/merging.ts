/** The page's own word and the server's as one: each says what it alone, or what it knows better. */

import type { FormRules, LeftRule, Outlook } from "../../api/types/forms.ts";
import type { ValueProblem } from "../../api/types/records.ts";
import type { Look } from "./look.ts";
import { UNREADABLE } from "./texts.ts";

const RULE_OF: Readonly<Record<string, LeftRule>> = { required: "required", minimum: "range", maximum: "range", not_shown: "skip" };

/** Problems of values that only the server can hold against their field. */
const UNREAD: ReadonlySet<string> = new Set(["pattern", "format", "unknown_choice"]);

/** Fields that the server alone could not read. */
export function unreadIn({ problems }: Pick<Outlook, "problems">): string[] {
  return problems.filter(({ code }) => UNREAD.has(code)).map(({ field }) => field ?? "");
}

export interface Ownership {
  /** Whether the page runs the rule itself, on what is typed by now. */
  owns(problem: ValueProblem): boolean;
  merged(mine: Look, theirs: Look | null): Look;
}

export function ownershipOf(rules: FormRules): Ownership {
  const left = new Set(rules.left.map(({ rule, key }) => `${rule} ${key}`));
  const checks = new Set(rules.checks.map(({ field, message: { zh, en } }) => JSON.stringify([field, zh, en])));
  const isLeft = (rule: LeftRule, key: string) => left.has(`${rule} ${key}`);

  function owns({ field, code, zh, en }: ValueProblem): boolean {
    if (!field) return false;
    if (code === "check") return checks.has(JSON.stringify([field, zh, en]));
    const rule = RULE_OF[code];
    return rule ? !isLeft(rule, field) : Object.hasOwn(UNREADABLE, code) && Object.hasOwn(rules.fields, field);
  }

  function merged(mine: Look, theirs: Look | null): Look {
    if (!theirs) return mine;
    return {
      hidden: [...mine.hidden, ...theirs.hidden.filter((key) => isLeft("skip", key))],
      required: [...mine.required, ...theirs.required.filter((code) => isLeft("required", code))],
      computed: { ...theirs.computed, ...mine.computed },
      problems: [...mine.problems, ...theirs.problems.filter((problem) => !owns(problem))],
    };
  }

  return { owns, merged };
}
