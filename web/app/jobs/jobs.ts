/** The user's jobs: polled with an ETag while one of them waits or runs, at rest otherwise. */

import { computed, reactive, readonly } from "vue";

import { path } from "../../shared/api/client";
import { isAborted } from "../../shared/api/errors";
import type { Job, Page } from "../../shared/api/types";
import { watchNotices } from "../notices/notices";
import { api, GivenUp } from "../session/session";
import { endedSince, FASTEST, isActive, nextWait } from "./polling";

interface State {
  jobs: Job[];
  known: boolean;
  error: unknown;
  drawerOpen: boolean;
}

const state = reactive<State>({ jobs: [], known: false, error: null, drawerOpen: false });

export const jobs = readonly(state);
export const activeCount = computed(() => state.jobs.filter(isActive).length);

let etag: string | null = null;
let wait = FASTEST;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** Look now, and go on looking while something waits or runs. Call it after starting a job. */
export async function watchJobs(): Promise<void> {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const answer = await api.getChanged<Page<Job>>("/jobs", etag, { query: { limit: 30 }, signal: mine.signal });
    if (answer) take(answer.body.items, answer.etag);
    state.error = null;
    schedule(answer !== null);
  } catch (error) {
    if (!isAborted(error) && !(error instanceof GivenUp)) state.error = error;
  }
}

function take(items: Job[], newTag: string | null): void {
  if (endedSince(state.jobs, items)) void watchNotices(); // the server may have told about it
  state.jobs = items;
  state.known = true;
  etag = newTag;
}

function schedule(changed: boolean): void {
  const next = document.hidden ? null : nextWait(state.jobs, wait, changed);
  if (next === null) return;
  wait = next;
  timer = setTimeout(() => void watchJobs(), next);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && state.known) void watchJobs();
});

export function forgetJobs(): void {
  clearTimeout(timer);
  asking?.abort();
  Object.assign(state, { jobs: [], known: false, error: null, drawerOpen: false });
  etag = null;
}

/** Ask a job to stop; it does at its next step. */
export async function cancelJob(id: number): Promise<void> {
  await api.post(path`/jobs/${id}/cancel`);
  await watchJobs();
}

export async function retryJob(id: number): Promise<void> {
  await api.post(path`/jobs/${id}/retry`);
  await watchJobs();
}

/** Open the drawer, as after the start of a job. */
export function showJobs(open = true): void {
  state.drawerOpen = open;
  if (open) void watchJobs();
}
