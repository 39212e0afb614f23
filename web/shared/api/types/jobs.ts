/** Jobs, files, and pages of lists. */

import type { Label } from "../../texts";

export interface Page<T> {
  items: T[];
  next: string | number | null;
}

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: number;
  kind: string;
  /** Its own name, where its kind has more to say than the kind's. */
  label?: Label | null;
  state: JobState;
  progress: number;
  total: number | null;
  result: Record<string, unknown> | null;
  error: ({ code: string } & Label) | null;
  cancel_requested: boolean;
  created_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Empty in lists. */
  log: { at: string; level: "info" | "warning" | "error"; message: string }[];
}

export interface StoredFile {
  id: number;
  name: string;
  size: number;
  sha256: string;
}
