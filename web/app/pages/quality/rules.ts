/** A quality rule in words, and its course as a line. */

import type { QualityRule, QualityStep } from "../../../shared/api/types";
import { labelText, useTexts } from "../../language";
import { texts } from "./texts";

/** What the rule asks for: the message of a check, else the rule itself. */
export function ruleWords(rule: Pick<QualityRule, "kind" | "message" | "expression" | "low" | "high">): string {
  const text = useTexts(texts);
  switch (rule.kind) {
    case "required":
      return rule.expression ? text("requiredWhen", { condition: rule.expression }) : text("requiredRule");
    case "range":
      return rangeWords(rule.low && boundWords(rule.low), rule.high && boundWords(rule.high));
    default:
      return labelText(rule.message) || rule.expression;
  }
}

function rangeWords(low: string | null, high: string | null): string {
  const text = useTexts(texts);
  if (low && high) return text("within", { low, high });
  return low ? text("atLeast", { low }) : text("atMost", { high: high ?? "" });
}

function boundWords(bound: string): string {
  const text = useTexts(texts);
  return bound === "today" || bound === "now" ? text(bound) : bound;
}

/** Points of a line through the shares of records that broke the rule, in a box of this size. */
export function coursePoints(course: readonly QualityStep[], width: number, height: number): string {
  const shares = course.map(({ failed, total }) => (total > 0 ? failed / total : 0));
  const most = Math.max(...shares, 0);
  const step = shares.length > 1 ? width / (shares.length - 1) : 0;
  return shares.map((share, i) => `${round(i * step)},${round(height - (most > 0 ? share / most : 0) * height)}`).join(" ");
}

const round = (value: number) => Math.round(value * 10) / 10;
