/** Definitions carried in from files. */

import type { Label } from "../../texts";
import type { DraftProblem } from "./drafts";

export interface NotCarried {
  where: string;
  what: string;
  reason: Label;
  text: string;
}

export interface ImportReport {
  format: string;
  counts: Record<string, number>;
  understood: Label[];
  not_carried: NotCarried[];
  unknown: unknown[];
}

export interface DefinitionImport {
  kind: string;
  code: string;
  draft_version: number;
  report: ImportReport;
  problems: DraftProblem[];
}
