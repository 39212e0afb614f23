/** The values that a condition compares with: constants, and days counted from today. */

import type { RuleNode } from "../../../../shared/api/types";

const LITERALS = new Set(["number", "text", "date", "datetime", "time", "boolean"]);

/** Whether the builder can show the value; all else of a rule stays a text. */
export function isDrawable(node: RuleNode): boolean {
  return LITERALS.has(node.n) || isNegativeNumber(node) || readDays(node) !== null;
}

export function isNegativeNumber(node: RuleNode): boolean {
  return node.n === "unary" && node.op === "-" && node.item.n === "number";
}

/** A constant as one types it: "-5", "2026-03-05"; "" for none. */
export function typedText(node: RuleNode | null): string {
  if (!node) return "";
  if (node.n === "unary") return `-${typedText(node.item)}`;
  return "value" in node ? String(node.value) : "";
}

/** The number that is typed, as a rule writes it; null where it is none. */
export function numberNode(typed: string): RuleNode | null {
  const plain = typed.trim().replaceAll("，", "").replaceAll(",", "").replace(/^[－−]/, "-");
  const match = /^(-?)((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)$/.exec(plain);
  if (!match?.[2]) return null;
  const number: RuleNode = { n: "number", value: match[2] };
  return match[1] ? { n: "unary", op: "-", item: number } : number;
}

/** Days from today on, e.g. -30; `now` counts from this very moment. */
export interface Days {
  days: number;
  now: boolean;
}

export function readDays(node: RuleNode | null): Days | null {
  if (node?.n !== "call") return null;
  if ((node.name === "today" || node.name === "now") && node.args.length === 0) return { days: 0, now: node.name === "now" };
  const [from, by] = node.args;
  if (node.name !== "add_days" || node.args.length !== 2 || !from || !by) return null;
  const start = readDays(from);
  const days = Number(typedText(by));
  const isWhole = (by.n === "number" || isNegativeNumber(by)) && Number.isInteger(days);
  return start && start.days === 0 && from.n === "call" && from.name !== "add_days" && isWhole ? { ...start, days } : null;
}

export function daysNode({ days, now }: Days): RuleNode {
  const from: RuleNode = { n: "call", name: now ? "now" : "today", args: [] };
  const by = numberNode(String(days));
  return days === 0 || !by ? from : { n: "call", name: "add_days", args: [from, by] };
}

/** "In the last 30 days" is between that day and today. */
export function readRecent(operands: readonly (RuleNode | null)[]): number | null {
  const [low, high] = operands.map(readDays);
  return low && high && high.days === 0 && low.days < 0 && !low.now ? -low.days : null;
}

export function recentOperands(days: number, hasTime: boolean): RuleNode[] {
  return [daysNode({ days: -days, now: false }), daysNode({ days: 0, now: hasTime })];
}
