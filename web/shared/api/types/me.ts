/** What concerns the user alone: notices, what waits, records worked on lately. */

import type { Label } from "../../texts";
import type { Page } from "./jobs";

export interface Notice {
  id: number;
  /** e.g. "job.done", "plan.waits". */
  kind: string;
  zh: string;
  en: string;
  /** A path of the pages, or "". */
  link: string;
  at: string;
  read_at: string | null;
}

export interface Notices extends Page<Notice> {
  unread: number;
}

export interface Named {
  code: string;
  label: Label;
}

/** What the search found: a database, a record type in it, or a field in that. */
export interface Found {
  database: Named;
  record_type: Named | null;
  field: Named | null;
}

export interface RecentRecord {
  database: Named;
  record_type: Named;
  id: number;
  /** Its key or first value, never an identifying one. */
  name: string;
  /** The key of the nearest record above it, or "". */
  within: string;
  action: "add" | "change" | "trash" | "restore";
  at: string;
}

export interface WaitingItem {
  kind: "access_request" | "emergency" | "plan_unfinished" | "approval" | "plan_ready" | "job_failed" | "draft";
  database: Named | null;
  by: string;
  at: string | null;
  plan: number | null;
  /** The request to decide on, or the emergency to review. */
  access: number | null;
  /** Of a failed job: reading it settles it. */
  notice: number | null;
  text: Label | null;
  errors: number;
  warnings: number;
}
