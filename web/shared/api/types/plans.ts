/** What publishing a draft would change. */

import type { Label } from "../../texts";

export type Safety = "safe" | "lossy" | "destructive";

export type PlanState = string;

export interface Operation {
  kind: string;
  safety: Safety;
  text: Label;
  finding: { rows?: number; samples?: unknown[]; note?: Label | string | null } | null;
  [more: string]: unknown;
}

export interface Plan {
  id: number;
  database: string;
  state: PlanState;
  safety: Safety;
  needs_approval: boolean;
  operations: Operation[];
  /** How many operations are done in this state. */
  applied: number;
  error: ({ code: string } & Record<string, unknown>) | null;
  created_by: string;
  created_at: string;
  approved_by: string | null;
  approved_at: string | null;
  finished_at: string | null;
}
