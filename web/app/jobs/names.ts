/** What a job is called: its own label, else the name of its kind. */

import type { Job } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { labelText, useTexts } from "../language";
import { KINDS, texts } from "./texts";

export function jobName(job: Pick<Job, "label" | "kind" | "id">): string {
  const kinds: Readonly<Record<string, Label>> = KINDS;
  return labelText(job.label) || labelText(kinds[job.kind]) || `${useTexts(texts)("job")} ${job.id}`;
}
