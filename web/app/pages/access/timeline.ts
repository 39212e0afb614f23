/** The process of a request as one line of time: its steps, the uses of what was granted, and the end to come. */

import type { GrantUse, RequestProcess, RequestStep } from "../../../shared/api/types";

export type Moment =
  | { kind: "step"; at: string; step: RequestStep }
  | { kind: "uses"; at: string; day: string; count: number; uses: GrantUse[] }
  | { kind: "end"; at: string };

/** Uses are one moment per day; while the grant holds, its end to come is the last. */
export function timeline({ request, steps, uses }: RequestProcess): Moment[] {
  const days = new Map<string, GrantUse[]>();
  for (const use of uses) days.set(use.day, [...(days.get(use.day) ?? []), use]);
  const moments: Moment[] = [
    ...steps.map((step) => ({ kind: "step" as const, at: step.at, step })),
    ...[...days].map(([day, each]) => ({
      kind: "uses" as const,
      at: each.map(({ last_at }) => last_at).sort().at(-1) ?? day,
      day,
      count: each.reduce((sum, { count }) => sum + count, 0),
      uses: each,
    })),
  ];
  moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const given = steps.find(({ step }) => step === "grant")?.given;
  if (request.state === "granted" && given) moments.push({ kind: "end", at: given.ends_at });
  return moments;
}
