/** Leaving: what the application holds of one user must not be there for the next. */

import { forgetJobs } from "./jobs/jobs";
import { forgetNotices } from "./notices/notices";
import { forgetCohortNames } from "./pages/cohorts/cohortNames";
import { forgetRecordTitles } from "./pages/data/recordTitles";
import { signOut } from "./session/session";
import { forgetDatabases } from "./stores/databases";

export async function leave(): Promise<void> {
  await signOut();
  forgetJobs();
  forgetNotices();
  forgetDatabases();
  forgetRecordTitles();
  forgetCohortNames();
}
