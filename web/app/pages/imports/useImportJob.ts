/** One job of an import: started, followed to its end, with its log when it failed. */

import { computed, ref, watch } from "vue";

import { path } from "../../../shared/api/client";
import type { Job } from "../../../shared/api/types";
import { jobs, watchJobs } from "../../jobs/jobs";
import { api } from "../../session/session";

export function useImportJob(done: (job: Job) => void) {
  const id = ref<number | null>(null);
  const log = ref<Job["log"]>([]);
  const job = computed(() => jobs.jobs.find((each) => each.id === id.value) as Job | undefined);

  watch(() => job.value?.state, async (state) => {
    if (!job.value || !state) return;
    if (state === "done") done(job.value);
    if (state === "failed") {
      log.value = (await api.get<Job>(path`/jobs/${job.value.id}`).catch(() => ({ log: [] }))).log.filter(({ level }) => level === "error");
    }
  });

  async function start(address: string, body: unknown): Promise<void> {
    log.value = [];
    id.value = (await api.post<{ job: number }>(address, body)).job;
    await watchJobs();
  }

  return { job, log, start, forget: () => (id.value = null) };
}
