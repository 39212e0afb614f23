/** An import of records from one file: sent once, checked as a job that stores nothing, then imported. */

import { computed, ref, shallowRef, watch } from "vue";

import { path } from "../../../../shared/api/client";
import { isAborted } from "../../../../shared/api/errors";
import type { Job } from "../../../../shared/api/types";
import { errorText } from "../../../components/errorText";
import { isActive } from "../../../jobs/polling";
import { useTexts } from "../../../language";
import { GivenUp } from "../../../session/session";
import type { Picked } from "../../imports/picked";
import { FileGone } from "../../imports/sending";
import { useImportJob } from "../../imports/useImportJob";
import { useSending } from "../../imports/useSending";
import type { ImportOutcome } from "./outcome";
import { texts } from "./texts";

export interface Wanted {
  /** The record type's code; null: REDCap's data, which goes to several. */
  type: string | null;
  ignoreUnknown: boolean;
}

export function useRecordImport(database: string, stored: () => void) {
  const text = useTexts(texts);
  const picked = shallowRef<Picked | null>(null);
  const failure = ref("");
  const starting = ref(false);
  const checking = ref(false); // whether the job that runs, or ran last, stores nothing
  const outcome = shallowRef<ImportOutcome | null>(null);
  const sending = useSending();
  const job = useImportJob((done: Job) => {
    outcome.value = done.result as unknown as ImportOutcome;
    if (!outcome.value.dry_run) stored();
  });
  /** What was stored before an end in mid-way is there to be seen as well. */
  watch(() => job.job.value?.state, (state) => {
    if ((state === "cancelled" || state === "failed") && !checking.value) stored();
  });
  const active = computed(() => job.job.value !== undefined && isActive(job.job.value));
  const busy = computed(() => sending.state.busy || starting.value || active.value);

  function pick(file: Picked | null) {
    picked.value = file;
    failure.value = "";
    outcome.value = null;
    job.forget();
  }

  async function start(wanted: Wanted, dryRun: boolean) {
    if (!picked.value || busy.value) return;
    failure.value = "";
    outcome.value = null;
    job.forget();
    checking.value = dryRun;
    try {
      const [file_id] = await sending.send([picked.value]);
      starting.value = true;
      await job.start(path`/databases/${database}/record-imports`, {
        file_id,
        record_type: wanted.type,
        format: wanted.type === null ? "redcap" : null,
        options: { ignore_unknown: wanted.ignoreUnknown },
        dry_run: dryRun,
      });
    } catch (error) {
      if (error instanceof FileGone) failure.value = text("fileGone", { name: error.file });
      else if (!isAborted(error) && !(error instanceof GivenUp)) failure.value = errorText(error).what;
    } finally {
      starting.value = false;
    }
  }

  return { picked, failure, outcome, sending, job, active, busy, checking, pick, start };
}
