/** Cohorts: criteria in their order under a name, and what each takes in, leaves out and can't tell of. */

import type { Label } from "../../texts";

export type CriterionKind = "include" | "exclude";

export interface CriterionInput {
  kind: CriterionKind;
  where: string;
  label: Label;
}

export interface SavedCriterion {
  kind: CriterionKind;
  label: Label;
  /** With the names of today; null where it can't be used, see `problem`. */
  where: string | null;
  /** As it was written; "" where it names a field that the reader does not see in clear. */
  written: string;
  problem: Label | null;
}

export interface SavedCohort {
  id: number;
  version: number;
  name: string;
  description: string;
  record_type: string;
  criteria: SavedCriterion[];
  shared: boolean;
  owner: string;
  mine: boolean;
  may_change: boolean;
  updated_at: string;
  updated_by: string;
}

/** Of the records that reached a criterion: those that stay, those that leave, and those of either for which it can't be told. */
export interface FunnelStep {
  kind: CriterionKind;
  in: number;
  out: number;
  unknown: number;
  /** The filters that find them; null where one would be too long. */
  where: Record<FunnelPart, string | null>;
}

export type FunnelPart = "in" | "out" | "unknown";

export interface Funnel {
  total: number;
  steps: FunnelStep[];
  /** The cohort as one filter. */
  where: string | null;
}
