/** The proof of the seals: its last outcome, and one that is begun here or found under way, followed to its end. */

import { computed, type ComputedRef, ref, watch } from "vue";

import type { AuditStanding, Job } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { jobs, watchJobs } from "../../jobs/jobs";
import { isActive } from "../../jobs/polling";
import { beginCheck, readStanding } from "./interface";

export interface Check {
  state: Loaded<AuditStanding>;
  /** While it waits or runs, and after it failed. */
  job: ComputedRef<Job | undefined>;
  active: ComputedRef<boolean>;
  begin(): Promise<void>;
}

export function useCheck(): Check {
  const begun = ref<number | null>(null);
  const asking = ref(false);
  const state = useLoaded<AuditStanding>(readStanding);
  const id = computed(() => begun.value ?? state.data.value?.checking ?? null);
  const known = computed(() => jobs.jobs.find((each) => each.id === id.value) as Job | undefined);
  const job = computed(() => (known.value && known.value.state !== "done" ? known.value : undefined));

  watch(id, (now) => now !== null && void watchJobs());
  watch(
    () => known.value && !isActive(known.value),
    (ended) => ended && void state.reload(),
  );

  async function begin() {
    asking.value = true;
    try {
      begun.value = (await beginCheck()).job;
      await watchJobs();
    } finally {
      asking.value = false;
    }
  }

  return { state, job, active: computed(() => asking.value || (job.value !== undefined && isActive(job.value))), begin };
}
