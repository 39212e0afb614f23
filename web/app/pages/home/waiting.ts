/** What waits for the user: drafts they may publish, and their own jobs that failed. */

import type { DatabaseSummary, Job } from "../../../shared/api/types";

export type Waiting = { kind: "draft"; database: DatabaseSummary } | { kind: "failed"; job: Job };

const SHOWN = 8;

export function waitingFor(
  user: { name: string; mayDesign: boolean },
  databases: readonly DatabaseSummary[],
  jobs: readonly Job[],
): Waiting[] {
  const failed = jobs.filter((job) => job.state === "failed" && job.created_by === user.name);
  const drafts = user.mayDesign ? databases.filter((database) => database.draft_version > 0) : [];
  return [
    ...failed.map((job): Waiting => ({ kind: "failed", job })),
    ...drafts.map((database): Waiting => ({ kind: "draft", database })),
  ].slice(0, SHOWN);
}
