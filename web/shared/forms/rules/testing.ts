/** Rules for tests, small enough to be read. */

import type { FormRules } from "../../api/types";
import type { Node, Program, ValueType } from "../../rules/program";

export function program(body: Node, ...reads: string[]): Program {
  return { version: 1, type: "boolean", reads, body };
}

export const fieldNode = (path: string, t: ValueType = "decimal"): Node => ({ k: "field", t, path, out: 0 });
const constant = (v: number): Node => ({ k: "constant", t: "number", v });

/** `[path] > limit` */
export const above = (path: string, limit: number): Program =>
  program({ k: "exactly", of: "number", op: ">", left: fieldNode(path), right: constant(limit) }, path);

/** `[path] * factor` */
export const times = (path: string, factor: number): Program =>
  program({ k: "arithmetic", op: "*", left: { k: "double", item: fieldNode(path) }, right: constant(factor) }, path);

export function rulesWith(more: Partial<FormRules>): FormRules {
  return {
    at: "2026-03-05T06:20:00+00:00", zone: "Asia/Shanghai", fields: {}, aliases: {}, around: {},
    calculations: [], skips: [], required: [], required_if: [], ranges: [], checks: [],
    said: { required: { zh: "必填。", en: "Needed." }, not_shown: { zh: "不应填写。", en: "Not asked." } },
    left: [],
    ...more,
  };
}
