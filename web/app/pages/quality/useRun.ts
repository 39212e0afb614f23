/** The check of all records: started here or found under way, and followed to its end. */

import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from "vue";

import { path } from "../../../shared/api/client";
import type { Job, QualityStanding } from "../../../shared/api/types";
import { isActive } from "../../jobs/polling";
import { jobs, watchJobs } from "../../jobs/jobs";
import { api } from "../../session/session";

export interface Run {
  /** The job while it waits or runs, and after it failed; undefined otherwise. */
  job: ComputedRef<Job | undefined>;
  active: ComputedRef<boolean>;
  /** The last run, and whether the reader may start one; null until it is known. */
  standing: Ref<QualityStanding | null>;
  /** Look for the last run, and for one that is under way already. */
  find(code: string): Promise<void>;
  start(code: string): Promise<void>;
}

/** @param done called once the run's counts are kept. */
export function useRun(done: () => void): Run {
  const id = ref<number | null>(null);
  const asking = ref(false);
  const standing = shallowRef<QualityStanding | null>(null);
  const job = computed(() => {
    const found = jobs.jobs.find((each) => each.id === id.value) as Job | undefined;
    return found && found.state !== "done" ? found : undefined;
  });

  watch(() => jobs.jobs.find((each) => each.id === id.value)?.state, (state) => {
    if (state === "done") done();
  });

  async function find(code: string) {
    try {
      standing.value = await api.get<QualityStanding>(path`/databases/${code}/quality/run`);
      id.value = standing.value.job;
      if (id.value !== null) await watchJobs();
    } catch {
      standing.value = null; // the list tells about errors
    }
  }

  async function start(code: string) {
    asking.value = true;
    try {
      id.value = (await api.post<{ job: number }>(path`/databases/${code}/quality/run`)).job;
      await watchJobs();
    } finally {
      asking.value = false;
    }
  }

  return { job, standing, active: computed(() => asking.value || (job.value !== undefined && isActive(job.value))), find, start };
}
