/** What publishing a draft would change, what a release changed. */

import type { Label } from "../../texts";
import type { Page } from "./jobs";

export type Safety = "safe" | "lossy" | "destructive";

/** How far a plan has come; `failed` while it is being taken back, `superseded` when nothing of it is left. */
export type PlanState = "planned" | "expanded" | "backfilled" | "verified" | "swapped" | "failed" | "superseded";

export interface Finding {
  /** Records concerned; null where they were not counted, see `note`. */
  rows: number | null;
  /** Ids of up to five of them. */
  samples: number[];
  note: Label;
  /** Of a conversion: how many records have a value. */
  values?: number;
  /** Of a conversion: why values can't be converted as they are, and how many. */
  reasons?: ConversionReason[];
}

export interface ConversionReason extends Label {
  code: string;
  rows: number;
}

/** A cell that can't be converted as it is. */
export interface ConversionCell {
  record: number;
  reason: { code: string } & Label;
  /** As it is stored; null where it may not be seen. */
  value: unknown;
  shown: boolean;
}

export interface Operation {
  kind: string;
  safety: Safety;
  text: Label;
  type_id: string;
  record_type: string;
  field_id?: string;
  field?: string;
  property?: string;
  finding: Finding;
  [more: string]: unknown;
}

/** Why a plan can't be published any more. */
export interface Outdated {
  reason: "draft" | "release" | "plan" | "abandoned";
  who: string;
  at: string | null;
  /** Of the release or plan that came after. */
  number: number | null;
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
  error: ({ code: string } & Partial<Label>) | null;
  source: "draft" | "undo";
  from_release: number | null;
  /** The release it became. */
  release: number | null;
  /** A publish has been begun and was not taken back. */
  begun: boolean;
  /** A process is at work on it. */
  running: boolean;
  note: string;
  published_by: string | null;
  outdated: Outdated | null;
  created_by: string;
  created_at: string;
  approved_by: string | null;
  approved_at: string | null;
  finished_at: string | null;
}

export type Act = "add" | "remove" | "rename" | "move" | "change";

export type Thing = "database" | "event" | "value_set" | "choice" | "record_type" | "field" | "form" | "item";

/** One difference between two definitions, in words. */
export interface Change {
  act: Act;
  thing: Thing;
  code: string;
  label: Label;
  /** The record type of a field, the value set of a choice, the form of an item. */
  within: { code: string; label: Label } | null;
  type_id: string;
  field_id: string;
  property: string;
  property_label: Label;
  before: Label | null;
  after: Label | null;
  text: Label;
}

/** A change of a plan, with the plan's operations that make it costly, by their place. */
export interface PlannedChange extends Change {
  safety: Safety;
  operations: number[];
}

export interface ChangeCounts {
  added: number;
  removed: number;
  changed: number;
}

export interface ChangesPage<C extends Change = Change> extends Page<C> {
  total: number;
  counts: ChangeCounts;
}

/** What publishing a plan answers. */
export interface Released {
  database: string;
  release: number;
  published_by: string;
  published_at: string;
}
