/** Requests for access, what became of them, and access in emergencies. */

import type { GrantAction, Grade } from "./access";
import type { Named } from "./me";

export type RequestState = "asked" | "granted" | "refused" | "withdrawn" | "revoked" | "ended";
export type RequestBox = "mine" | "waiting" | "all";

export interface PersonOf {
  id: number;
  name: string;
  display_name: string;
}

/** What is asked for, or granted of it. */
export interface WantedAccess {
  /** "" or left out: the whole database. */
  record_type?: string;
  actions: GrantAction[];
  identifying: boolean;
  grade: Grade;
  /** The first instant at which it no longer holds. */
  ends_at: string;
}

export interface NewAccessRequest extends WantedAccess {
  database: string;
  reason: string;
  project?: string;
}

export interface AccessRequest {
  id: number;
  state: RequestState;
  subject: PersonOf;
  database: Named;
  /** null: the whole database. */
  record_type: Named | null;
  actions: GrantAction[];
  identifying: boolean;
  grade: Grade;
  ends_at: string;
  /** The code of the project it is for, or "". */
  project: string;
  reason: string;
  asked_at: string;
  grant_id: number | null;
  /** Whether the caller decides on it. */
  may_decide: boolean;
}

export interface RequestStep {
  at: string;
  by: string;
  step: "ask" | "grant" | "refuse" | "withdraw" | "revoke" | "end";
  reason: string;
  /** What a grant gave; null for other steps. */
  given: WantedAccess | null;
}

/** Uses of a grant on one day. */
export interface GrantUse {
  resource: string;
  action: string;
  channel: string;
  day: string;
  count: number;
  last_at: string;
}

export interface RequestProcess {
  request: AccessRequest;
  steps: RequestStep[];
  uses: GrantUse[];
}

export type EmergencyState = "running" | "waiting" | "reviewed";

export interface Emergency {
  id: number;
  subject: PersonOf;
  database: Named;
  record_type: Named | null;
  /** Whose identities are in clear: one patient's, or everybody's. */
  scope: "patient" | "database";
  record: number | null;
  reason: string;
  started_at: string;
  ends_at: string;
  /** Set where it ended before its time. */
  ended_at: string | null;
  running: boolean;
  reviewed_by: string | null;
  reviewed_at: string | null;
  remark: string;
}

export interface RunningEmergencies {
  items: Emergency[];
  longest_minutes: number;
}
