/** Many users from one workbook: picked, checked, made by a job, their passwords fetched once. */

import { computed, ref, shallowRef } from "vue";

import { path } from "../../../shared/api/client";
import type { BatchPlan, Job } from "../../../shared/api/types";
import { errorText } from "../../components/errorText";
import { jobs, watchJobs } from "../../jobs/jobs";
import { isActive } from "../../jobs/polling";
import { useTexts } from "../../language";
import { GivenUp } from "../../session/session";
import { fetchWorkbook, sendWorkbook } from "./sendWorkbook";
import { texts } from "./texts";

export function useBatch() {
  const text = useTexts(texts);
  const file = shallowRef<File | null>(null);
  const plan = shallowRef<BatchPlan | null>(null);
  const failure = ref("");
  const working = ref(false);
  const jobId = ref<number | null>(null);
  const taken = ref(false);

  const job = computed<Job | null>(() => (jobs.jobs.find(({ id }) => id === jobId.value) as Job | undefined) ?? null);
  const busy = computed(() => working.value || (jobId.value !== null && (job.value === null || isActive(job.value))));
  const result = computed(() => (job.value?.state === "done" && typeof job.value.result?.result === "number" ? job.value.result.result : null));
  const made = computed(() => Number(job.value?.result?.count ?? 0));

  async function attempt(act: () => Promise<unknown>) {
    working.value = true;
    failure.value = "";
    try {
      await act();
    } catch (error) {
      if (!(error instanceof GivenUp)) failure.value = errorText(error).what;
    } finally {
      working.value = false;
    }
  }

  function pick(picked: File) {
    file.value = picked;
    plan.value = null;
    jobId.value = null;
    taken.value = false;
    return check();
  }

  const check = () => attempt(async () => (plan.value = file.value && (await sendWorkbook<BatchPlan>("/user-batches/check", file.value))));

  const make = () =>
    attempt(async () => {
      if (!file.value) return;
      jobId.value = (await sendWorkbook<{ job_id: number }>("/user-batches", file.value)).job_id;
      await watchJobs();
    });

  const take = () =>
    attempt(async () => {
      if (result.value === null) return;
      await fetchWorkbook("POST", path`/user-batches/results/${result.value}`, text("resultFile"));
      taken.value = true;
    });

  const blank = () => attempt(() => fetchWorkbook("GET", "/user-batches/blank", text("blankFile")));

  return { file, plan, failure, job, busy, result, made, taken, pick, check, make, take, blank };
}
