/** A grant as its form holds it, and as the server takes it. */

import type { Duty, Grade, GrantAction, GrantSubject, NewGrant } from "../../../shared/api/types";
import { endOf } from "../users/person";
import { ACTIONS_ASKED } from "./wanted";

export interface GrantForm {
  subject: GrantSubject | null;
  duty: Duty;
  /** null: not chosen yet; "" for all databases. */
  resource: string | null;
  actions: GrantAction[];
  rows: "all" | "own" | "where";
  where: string;
  identifying: "show" | "mask" | "hide";
  grade: Grade;
  /** Days, "2027-03-31", or "". */
  starts: string;
  until: string;
  reason: string;
}

export function emptyGrant(): GrantForm {
  return { subject: null, duty: "", resource: null, actions: ["view"], rows: "all", where: "", identifying: "mask", grade: 0, starts: "", until: "", reason: "" };
}

/** Whether there is enough for the server to say what it would open. */
export function isPreviewable({ subject, resource, actions, rows, where }: GrantForm): boolean {
  return subject !== null && resource !== null && actions.length > 0 && (rows !== "where" || where.trim() !== "");
}

export const isGrantComplete = (form: GrantForm): boolean => isPreviewable(form) && form.reason.trim() !== "";

/** The first instant of the day `day` here, as the server takes it. */
export function startOf(day: string): string | null {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return day ? new Date(year, month - 1, date).toISOString().replace(/\.\d+Z$/, "Z") : null;
}

export function grantBody(form: GrantForm): NewGrant {
  const { subject, resource, rows } = form;
  if (!subject || resource === null) throw new Error("A grant needs a subject and a resource.");
  const byDuty = subject.kind === "project" || subject.kind === "project_class";
  return {
    subject: { kind: subject.kind, value: subject.value, duty: byDuty ? form.duty : "" },
    resource,
    actions: ACTIONS_ASKED.filter((action) => action === "view" || form.actions.includes(action)),
    own: rows === "own",
    where: rows === "where" ? form.where.trim() : "",
    classes: { plain: "show", identifying: form.identifying },
    grade: form.grade,
    starts_at: startOf(form.starts),
    ends_at: endOf(form.until),
    reason: form.reason.trim(),
  };
}
