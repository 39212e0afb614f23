/** The grade of records: asking for it, setting it, and saying what became of it. */

import { path } from "../../../../shared/api/client";
import type { Grade, GradeAct, GradedMany, GradeStanding, RecordGrade } from "../../../../shared/api/types";
import { useTexts } from "../../../language";
import { api } from "../../../session/session";
import { texts } from "./texts";

export const MOST = 1000; // records that the server grades at once
export const ALL: readonly Grade[] = [0, 1, 2];
const PAGE = 20;

export interface Acts {
  items: GradeAct[];
  next: number | null;
  total: number;
}

const base = (code: string, type: string) => path`/databases/${code}/records/${type}`;

export function standingOf(code: string, type: string, id: number, signal: AbortSignal): Promise<GradeStanding> {
  return api.get(`${base(code, type)}/${id}/grade`, { signal });
}

export function gradeActs(code: string, type: string, id: number, after = 0, signal?: AbortSignal): Promise<Acts> {
  return api.get(`${base(code, type)}/${id}/grade/history`, { query: { after, limit: PAGE }, signal });
}

export function gradeOne(code: string, type: string, id: number, grade: Grade, reason: string): Promise<RecordGrade> {
  return api.put(`${base(code, type)}/${id}/grade`, { grade, reason });
}

export function gradeMany(code: string, type: string, ids: readonly number[], grade: Grade, reason: string): Promise<GradedMany> {
  return api.post(`${base(code, type)}/grades`, { ids, grade, reason });
}

/** The grades that may be given to a record: higher ones by who may edit it, lower ones by who may approve. */
export function mayBeSet({ grade, own, may_raise: raise, may_lower: lower }: GradeStanding): Grade[] {
  return ALL.filter((each) => each !== own && (each < grade ? lower : raise));
}

/** What became of several records, in words; what was not done comes last. */
export function outcome({ changed, same, below, left }: GradedMany): string {
  const text = useTexts(texts);
  const parts = [
    changed > 0 ? text("changedMany", { n: changed }) : text("noneGraded"),
    below > 0 && text("withBelow", { n: below }),
    same > 0 && text("sameMany", { n: same }),
    left.lowering > 0 && text("leftLowering", { n: left.lowering }),
    left.raising > 0 && text("leftRaising", { n: left.raising }),
    left.gone > 0 && text("leftGone", { n: left.gone }),
  ];
  return parts.filter(Boolean).join(" · ");
}
