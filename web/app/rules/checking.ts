/** What the server says about a rule while it is written: findings with their place and what could stand there. */

import { onScopeDispose, type Ref, ref, watch } from "vue";

import { isAborted } from "../../shared/api/errors";
import type { CheckedRule, DraftedRuleCheck } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { errorText } from "../components/errorText";
import { labelText } from "../language";
import { api } from "../session/session";
import { indexOf } from "./place";

/** Where a rule stands. */
export interface RulePlace {
  database: string;
  recordType: string;
  /** Over the draft, as which rule of which field. */
  draft?: boolean;
  field?: string;
  rule?: "shown_if" | "required_if" | "calculation" | "check";
  /** Of the draft; over another one the rule is checked anew. */
  version?: number;
}

export interface Finding {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: Label;
  hint: Label;
  fixes: readonly string[];
}

export type Verdict =
  | { state: "empty" | "asking"; text: string; findings: readonly [] }
  | { state: "fine" | "wrong"; text: string; type: string; findings: readonly Finding[] }
  | { state: "unknown"; text: string; findings: readonly []; reason: string };

export const LONGEST = 20_000; // characters, the server's own limit
const PAUSE = 350; // ms without a key before a rule is checked
const NONE: Label = { zh: "", en: "" };

export async function checkRule(place: RulePlace, text: string, signal: AbortSignal): Promise<Verdict> {
  const { database, recordType: record_type, draft, field, rule } = place;
  const body = { expression: text, database, record_type, ...(draft && { draft, field, rule }) };
  const answer = await api.post<CheckedRule | DraftedRuleCheck>("/rules/check", body, { signal, repeatable: true });
  const error = "error" in answer ? answer.error : undefined;
  const problems = "problems" in answer ? answer.problems : [];
  const findings = [...(error ? [findingOf(error, text)] : []), ...problems.map((problem) => whole(text, problem, problem.severity))];
  const isWrong = !answer.ok || findings.some(({ severity }) => severity === "error");
  return { state: isWrong ? "wrong" : "fine", text, type: ("type" in answer && answer.type) || "", findings };
}

function findingOf(error: Extract<CheckedRule, { ok: false }>["error"], text: string): Finding {
  const [from, to] = [indexOf(text, error.start), indexOf(text, error.end)];
  const { zh, en, suggestion, suggestion_zh, fixes } = error;
  return { from, to, severity: "error", message: { zh, en }, hint: { zh: suggestion_zh, en: suggestion }, fixes };
}

export function whole(text: string, message: Label, severity: Finding["severity"] = "error"): Finding {
  return { from: 0, to: text.length, severity, message, hint: NONE, fixes: [] };
}

/** The verdict without errors at `cursor`, where a name is still being chosen; all of it where that is null. */
export function withoutAt(verdict: Verdict, cursor: number | null): Verdict {
  if (cursor === null || verdict.state !== "wrong") return verdict;
  const findings = verdict.findings.filter(({ from, to, severity }) => severity !== "error" || cursor < from || cursor > to);
  return findings.length === verdict.findings.length ? verdict : { ...verdict, findings };
}

/** The finding in words, with what to do. */
export const wordsOf = ({ message, hint }: Finding): string => [labelText(message), labelText(hint)].filter(Boolean).join(" ");

export interface Checking {
  verdict: Ref<Verdict>;
  /** At once, as before the rule is used. */
  check(): Promise<Verdict>;
}

/** Keep the verdict of `text` up to date. `wanted` says what else is wrong with a rule that is fine in itself. */
export function useChecking(place: () => RulePlace, text: () => string, wanted: (verdict: Verdict) => Finding | null): Checking {
  const verdict = ref<Verdict>({ state: "empty", text: "", findings: [] }) as Ref<Verdict>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();
  onScopeDispose(stop);

  function stop() {
    clearTimeout(timer);
    asking.abort();
  }

  async function check(): Promise<Verdict> {
    stop();
    const given = text();
    const { signal } = (asking = new AbortController());
    if (!given.trim()) return (verdict.value = { state: "empty", text: given, findings: [] });
    if (given.length > LONGEST) return (verdict.value = { state: "unknown", text: given, findings: [], reason: "" });
    try {
      const found = await checkRule(place(), given, signal);
      const more = found.state === "fine" ? wanted(found) : null;
      const last: Verdict = more && found.state === "fine" ? { ...found, state: "wrong", findings: [...found.findings, more] } : found;
      if (!signal.aborted) verdict.value = last;
      return last;
    } catch (error) {
      const unknown: Verdict = { state: "unknown", text: given, findings: [], reason: isAborted(error) ? "" : errorText(error).what };
      if (!signal.aborted) verdict.value = unknown;
      return unknown;
    }
  }

  watch([text, () => JSON.stringify(place())], () => {
    stop();
    if (!text().trim()) verdict.value = { state: "empty", text: text(), findings: [] };
    else timer = setTimeout(() => void check(), PAUSE);
  }, { immediate: true });

  return { verdict, check };
}
