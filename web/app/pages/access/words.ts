/** How access is said: actions, subjects, resources, what remains of a time. */

import type { AccessRequest, Emergency, EmergencyState, FieldVisibility, Grade, Grant, GrantResource, GrantSubject, Named } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import { labelText, language, useTexts } from "../../language";
import { ACTIONS } from "../../session/texts";
import { CHANNELS, DUTIES, GRADES, SUBJECT_KINDS, texts, VISIBILITIES } from "./texts";

const inList = (words: readonly string[]) => words.join(language.value === "en" ? ", " : "、");

export function actionName(action: string): string {
  return labelText((ACTIONS as Readonly<Record<string, Label>>)[action]) || action;
}

export const actionNames = (actions: readonly string[]): string => inList(actions.map(actionName));

export const visibilityName = (visibility: FieldVisibility | undefined): string => (visibility ? labelText(VISIBILITIES[visibility]) : "");

export const gradeName = (grade: Grade | undefined): string => (grade === undefined ? "" : labelText(GRADES[grade]));

export function channelName(channel: string): string {
  return labelText((CHANNELS as Readonly<Record<string, Label>>)[channel]) || channel;
}

/** "项目 肺结节筛查（研究者）". */
export function subjectName({ kind, label, value, duty }: GrantSubject): string {
  const name = labelText(label) || value;
  const whole = kind === "user" ? name : `${labelText(SUBJECT_KINDS[kind])} ${name}`;
  if (!duty) return whole;
  return language.value === "en" ? `${whole} (${labelText(DUTIES[duty])})` : `${whole}（${labelText(DUTIES[duty])}）`;
}

/** "肺结节 · 患者", by the names that `resources` knows. */
export function resourceName(path: string, resources: readonly GrantResource[] | null): string {
  if (path === "") return useTexts(texts)("everything");
  const [code = "", type = ""] = path.split(".");
  const database = resources?.find((each) => each.code === code);
  const name = labelText(database?.label) || code;
  if (!type) return name;
  return `${name} · ${labelText(database?.record_types.find((each) => each.code === type)?.label) || type}`;
}

export function targetName({ database, record_type: type }: { database: Named; record_type: Named | null }): string {
  const name = labelText(database.label) || database.code;
  return type ? `${name} · ${labelText(type.label) || type.code}` : name;
}

/** Which records a grant reaches: all, own ones, those of a rule, one patient's. */
export function rowsOf({ own, where, one_patient: one }: Pick<Grant, "own" | "where" | "one_patient">): string {
  const text = useTexts(texts);
  if (one) return text("onePatient");
  return where || text(own ? "rowsOwn" : "rowsAll");
}

export const personOf = ({ subject }: Pick<AccessRequest, "subject">): string => subject.display_name || subject.name;

export const seesIdentities = ({ classes }: Pick<Grant, "classes">): boolean => classes.identifying === "show";

export function emergencyState({ running, reviewed_at: at }: Pick<Emergency, "running" | "reviewed_at">): EmergencyState {
  if (running) return "running";
  return at ? "reviewed" : "waiting";
}

/** "12 分钟", "40 秒": what is left until `end`. */
export function timeLeft(end: string, now: number): string {
  const text = useTexts(texts);
  const seconds = Math.max(0, Math.round((Date.parse(end) - now) / 1000));
  return seconds < 60 ? text("secondsLeft", { n: seconds }) : text("minutesLeft", { n: Math.ceil(seconds / 60) });
}
