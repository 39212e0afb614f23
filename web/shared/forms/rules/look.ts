/** What a form shows of the state of its rules: hidden and needed fields, calculated values, problems in words. */

import type { FormRules, Outlook, Words } from "../../api/types/forms.ts";
import type { ValueProblem } from "../../api/types/records.ts";
import type { Context } from "../../rules/context.ts";
import type { Unreadable } from "./reading.ts";
import { broken } from "./results.ts";

export type Look = Omit<Outlook, "release">;

/** Where the rules stand. */
export interface Results {
  readonly rules: FormRules;
  /** Own values, as a record would hold them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Fields whose value can't be read; null where the server says why. */
  readonly unread: ReadonlyMap<string, Unreadable | null>;
  readonly reasons: ReadonlyMap<string, string>;
  /** Keys whose skip rule is not true. */
  readonly skipped: ReadonlySet<string>;
  /** Fields that a rule needs. */
  readonly needed: ReadonlySet<string>;
  /** Places of checks that are false. */
  readonly failed: ReadonlySet<number>;
}

export function outlookOf(results: Results, context: Context): Look {
  const { rules, values, unread, skipped, needed } = results;
  const filled = (code: string) => isThere(values[code]) || unread.has(code);
  const required = new Set([...rules.required, ...needed]);
  return {
    hidden: [...skipped].filter((key) => !filled(key)),
    required: [...required].filter((code) => !skipped.has(code)),
    computed: Object.fromEntries(rules.calculations.map(({ field }) => [field, (values[field] ?? null) as Outlook["computed"][string]])),
    problems: problemsOf(results, context),
  };
}

function problemsOf(results: Results, context: Context): ValueProblem[] {
  const { rules, values, unread, reasons, skipped, needed, failed } = results;
  const refusals = [...unread].flatMap(([field, refusal]) => (refusal ? [problem(field, refusal.code, refusal.words)] : []));
  const idle = [...skipped].filter((code) => isThere(values[code])).map((code) => problem(code, "not_shown", rules.said.not_shown, "warning"));
  const absent = [...new Set([...rules.required, ...needed])].filter((code) => !isThere(values[code]) && !skipped.has(code) && !reasons.has(code));
  const beyond = rules.ranges.flatMap((range) => {
    const edge = broken(range, values[range.field], context);
    return edge ? [problem(range.field, edge === "below" ? "minimum" : "maximum", range[edge])] : [];
  });
  const wrong = rules.checks.filter((_, at) => failed.has(at)).map(({ field, message, severity }) => problem(field, "check", message, severity));
  const found = [...idle, ...absent.map((code) => problem(code, "required", rules.said.required)), ...beyond, ...wrong];
  return [...refusals, ...found.filter(({ field }) => field === null || !unread.has(field))];
}

function problem(field: string, code: string, { zh, en }: Words, severity = "error"): ValueProblem {
  return { field, code, zh, en, severity: severity as ValueProblem["severity"] };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}
