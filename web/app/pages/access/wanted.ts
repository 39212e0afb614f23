/** What is asked for or granted, as its form holds it, and as the server takes it. */

import type { AccessRequest, Grade, GrantAction, WantedAccess } from "../../../shared/api/types";
import { endOf, lastDay } from "../users/person";

/** What can be done with records, in the order in which it is shown; `view` comes with each. */
export const ACTIONS_ASKED: readonly GrantAction[] = ["view", "add", "edit", "delete", "download", "export", "design", "approve"];

export interface WantedForm {
  /** "" for the whole database. */
  record_type: string;
  actions: GrantAction[];
  identifying: boolean;
  grade: Grade;
  /** The last day, "2027-03-31", or "". */
  until: string;
}

/** Reading, for three months. */
export function emptyWanted(now = new Date()): WantedForm {
  const end = new Date(now.getFullYear(), now.getMonth() + 3, now.getDate() + 1).toISOString();
  return { record_type: "", actions: ["view"], identifying: false, grade: 0, until: lastDay(end) };
}

export function wantedOf(request: AccessRequest): WantedForm {
  const { record_type, actions, identifying, grade, ends_at } = request;
  return { record_type: record_type?.code ?? "", actions: [...actions], identifying, grade, until: lastDay(ends_at) };
}

export function wantedBody(form: WantedForm): WantedAccess {
  const actions = ACTIONS_ASKED.filter((action) => action === "view" || form.actions.includes(action));
  return { record_type: form.record_type, actions, identifying: form.identifying, grade: form.grade, ends_at: endOf(form.until) ?? "" };
}

/** Of a decision: the end as it was asked for unless another day was chosen, so that rounding never makes it later. */
export function decidedBody(form: WantedForm, request: AccessRequest): WantedAccess {
  const body = wantedBody(form);
  return form.until === lastDay(request.ends_at) ? { ...body, ends_at: request.ends_at } : body;
}

/** Which roles' permissions an action needs; a grant never gives more. */
export function roleMay(may: (action: string, kind: string) => boolean, action: GrantAction): boolean {
  return ["records", "databases", "files"].some((kind) => may(action, kind));
}

export const isComplete = (form: WantedForm): boolean => form.until !== "" && form.actions.length > 0;
