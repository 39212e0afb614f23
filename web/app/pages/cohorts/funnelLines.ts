/** The steps of a funnel with what is said of each, for the figure and the table. */

import type { Funnel, FunnelStep } from "../../../shared/api/types";
import { formatNumber } from "../../../shared/format/numbers";
import { labelText } from "../../language";
import type { Criterion } from "./criteria";

export interface FunnelLine {
  id: number;
  /** Its number among all criteria of the cohort, from 1. */
  number: number;
  name: string;
  reached: number;
  step: FunnelStep;
  isLast: boolean;
}

/** "50.5%". */
export function shareOf(some: number, all: number): string {
  return all > 0 ? `${formatNumber(Math.round((some / all) * 1000) / 10)}%` : "";
}

/** What a criterion is called: its label, else its rule. */
export function criterionName({ label, where }: Pick<Criterion, "label" | "where">): string {
  return labelText(label) || where;
}

export function funnelLines(criteria: readonly Criterion[], { total, steps: all }: Funnel, steps: ReadonlyMap<number, FunnelStep>): FunnelLine[] {
  const last = all.at(-1);
  const before = (step: FunnelStep) => all[all.indexOf(step) - 1]?.in ?? total;
  const lines = criteria.flatMap((criterion, i) => {
    const step = steps.get(criterion.id);
    return step ? [{ id: criterion.id, number: i + 1, name: criterionName(criterion), reached: before(step), step, isLast: step === last }] : [];
  });
  return lines.sort((a, b) => all.indexOf(a.step) - all.indexOf(b.step));
}
