/** How an entry of the trail is said: its act, its object, by whom, through which way out. */

import { computed, type ComputedRef } from "vue";

import type { AuditItem, AuditWords } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import { formatNumber } from "../../../shared/format/numbers";
import { personName } from "../../components/personName";
import { useLoaded } from "../../components/useLoaded";
import { labelText, useTexts } from "../../language";
import { CHANNELS } from "../access/texts";
import { readWords } from "./interface";
import { DETAILS, OUTCOMES, texts } from "./texts";

const NONE: AuditWords = { actions: [], kinds: [] };

/** What the server calls acts and kinds of things; codes are shown until it is known. */
export function useWords(): ComputedRef<AuditWords> {
  const loaded = useLoaded(readWords);
  return computed(() => loaded.data.value ?? NONE);
}

const among = (names: Readonly<Record<string, Label>>, code: string): string => (Object.hasOwn(names, code) ? labelText(names[code]) : "") || code;

export function actName({ actions }: AuditWords, action: string): string {
  return labelText(actions.find((each) => each.action === action)?.label) || action;
}

export function kindName({ kinds }: AuditWords, kind: string): string {
  return labelText(kinds.find((each) => each.kind === kind)?.label) || kind;
}

export const outcomeName = (outcome: string): string => among(OUTCOMES, outcome);

export const wayName = (channel: string): string => among(CHANNELS, channel);

export function userName({ subject_display: display, subject_name: name }: Pick<AuditItem, "subject_name" | "subject_display">): string {
  return display || personName(name);
}

/** "肺结节 · 患者", else its code; "" where the kind says it all. */
export function objectName({ resource, resource_label: label }: Pick<AuditItem, "resource" | "resource_label">): string {
  return labelText(label) || resource;
}

/** Why, as it was given; what a job does has the job's number in its place. */
export function purposeName({ purpose }: Pick<AuditItem, "purpose">): string {
  const [, job] = /^job (\d+)$/.exec(purpose) ?? [];
  return job ? useTexts(texts)("ofJob", { id: job }) : purpose;
}

export const TONES: Readonly<Record<string, "success" | "danger" | "warning" | "neutral">> = {
  done: "success",
  denied: "danger",
  failed: "warning",
  locked: "danger",
};

export interface DetailLine {
  key: string;
  /** Undefined: it has no words; the key itself is shown as code. */
  name: string | undefined;
  value: string;
}

/** What else an entry tells, line by line: counts, versions and codes; never a value of a field. */
export function detailLines(detail: Readonly<Record<string, unknown>> | null): DetailLine[] {
  const names: Readonly<Record<string, Label>> = DETAILS;
  return Object.entries(detail ?? {})
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => ({ key, name: Object.hasOwn(names, key) ? labelText(names[key]) : undefined, value: said(value) }));
}

const MOST = 20; // of a long list of ids

function said(value: unknown): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "boolean") return useTexts(texts)(value ? "yes" : "no");
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return JSON.stringify(value);
  const shown = value.slice(0, MOST).map((each: unknown) => (typeof each === "object" ? JSON.stringify(each) : String(each)));
  return shown.join(", ") + (value.length > MOST ? ` … (${formatNumber(value.length)})` : "");
}
