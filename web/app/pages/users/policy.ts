/** The policy for accounts as its page edits it: the lines, their bounds, and what was changed. */

import type { AccountPolicy } from "../../../shared/api/types";

export interface PolicyLine {
  name: Exclude<keyof AccountPolicy, "second_factor_roles">;
  text: "minLength" | "minClasses" | "history" | "maxAge" | "lockFailures" | "lockMinutes" | "unusedDays" | "emergencyMinutes" | "auditKeepDays";
  hint?: "minClassesHint" | "maxAgeHint" | "unusedHint" | "emergencyHint" | "auditKeepHint";
  /** As the server has them. */
  low: number;
  high: number;
}

export const PASSWORD_LINES: readonly PolicyLine[] = [
  { name: "min_length", text: "minLength", low: 8, high: 64 },
  { name: "min_classes", text: "minClasses", hint: "minClassesHint", low: 1, high: 4 },
  { name: "history", text: "history", low: 1, high: 24 },
  { name: "max_age_days", text: "maxAge", hint: "maxAgeHint", low: 0, high: 730 },
];

export const LOCK_LINES: readonly PolicyLine[] = [
  { name: "lock_failures", text: "lockFailures", low: 3, high: 10 },
  { name: "lock_minutes", text: "lockMinutes", low: 5, high: 1440 },
];

export const UNUSED_LINES: readonly PolicyLine[] = [{ name: "max_unused_days", text: "unusedDays", hint: "unusedHint", low: 0, high: 730 }];

export const EMERGENCY_LINES: readonly PolicyLine[] = [
  { name: "emergency_minutes", text: "emergencyMinutes", hint: "emergencyHint", low: 5, high: 240 },
];

export const AUDIT_LINES: readonly PolicyLine[] = [{ name: "audit_keep_days", text: "auditKeepDays", hint: "auditKeepHint", low: 180, high: 3650 }];

export function policyChanges(before: AccountPolicy, after: AccountPolicy): Partial<AccountPolicy> {
  const names = Object.keys(before) as (keyof AccountPolicy)[];
  return Object.fromEntries(names.filter((name) => String(after[name]) !== String(before[name])).map((name) => [name, after[name]]));
}

/** Whether every number is there, whole and within its bounds. */
export function isPolicy(policy: AccountPolicy): boolean {
  return [...PASSWORD_LINES, ...LOCK_LINES, ...UNUSED_LINES, ...EMERGENCY_LINES, ...AUDIT_LINES].every(({ name, low, high }) => Number.isInteger(policy[name]) && policy[name] >= low && policy[name] <= high);
}
