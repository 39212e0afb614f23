/** Where a plan stands, as its page shows it. */

import type { Plan, PlanState } from "../../../shared/api/types";

/**
 * ready: can be published. waiting: someone has to approve it first. outdated: something came between.
 * running: a process is at work on it. interrupted: it can go on. failed: it can only be given up.
 * published: it is live, or was. abandoned: nothing of it is left.
 */
export type Standing = "ready" | "waiting" | "outdated" | "running" | "interrupted" | "failed" | "published" | "abandoned";

/** @param publishing this page's own request to publish is still on its way. */
export function standingOf(plan: Plan, publishing: boolean): Standing {
  if (plan.state === "swapped") return "published";
  if (publishing || plan.running) return "running";
  if (plan.state === "failed") return "failed";
  if (plan.outdated?.reason === "abandoned") return "abandoned";
  if (plan.outdated) return plan.begun ? "failed" : "outdated";
  if (plan.begun) return "interrupted";
  return plan.needs_approval ? "waiting" : "ready";
}

export type Stage = "tables" | "rows" | "check" | "switch";

export interface Progress {
  stage: Stage;
  /** Between 0 and 1, of the whole way. */
  share: number;
  done: number;
  total: number;
}

const STAGES: Partial<Record<PlanState, [Stage, number]>> = {
  expanded: ["rows", 0.6],
  backfilled: ["check", 0.8],
  verified: ["switch", 0.9],
};

/** How far a running publish is: making tables takes most of the time, the rest are few steps. */
export function progressOf({ state, applied, operations }: Pick<Plan, "state" | "applied" | "operations">): Progress {
  const total = operations.length;
  const [stage, share] = STAGES[state] ?? ["tables", total > 0 ? (0.6 * applied) / total : 0];
  return { stage, share, done: applied, total };
}
