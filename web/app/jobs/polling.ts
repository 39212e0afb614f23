/** When to ask again about jobs: often while something moves, ever more seldom while nothing does. */

import type { Job } from "../../shared/api/types";

export const FASTEST = 1_000; // ms
export const SLOWEST = 15_000;

export function isActive(job: Pick<Job, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

/** Whether a job that was active in `before` no longer is in `now`. */
export function endedSince(before: readonly Pick<Job, "id" | "state">[], now: readonly Pick<Job, "id" | "state">[]): boolean {
  const active = new Set(before.filter(isActive).map(({ id }) => id));
  return now.some((job) => active.has(job.id) && !isActive(job));
}

/**
 * Milliseconds until the next question, or null for none.
 *
 * @param jobs what is known. @param last the wait before this answer. @param changed whether it brought news.
 */
export function nextWait(jobs: readonly Pick<Job, "state">[], last: number, changed: boolean): number | null {
  if (!jobs.some(isActive)) return null;
  return changed ? FASTEST : Math.min(SLOWEST, Math.round(last * 1.5));
}
