/** The interface of forms: each call. */

import { path } from "../../shared/api/client";
import type { DraftForm, FormMode, Outlook, RecordForm, Value } from "../../shared/api/types";
import { api } from "../session/session";

/** The stored record that a form changes, or the one below which a new one is filled in. */
export interface FormPlace {
  record: number | null;
  parent: number | null;
}

export function getForm(code: string, type: string, mode: FormMode, signal?: AbortSignal, place?: FormPlace): Promise<RecordForm> {
  return api.get(path`/databases/${code}/forms/${type}`, { query: { mode, ...place }, signal });
}

export function getDraftForm(code: string, type: string, mode: FormMode, signal?: AbortSignal): Promise<DraftForm> {
  return api.get(path`/databases/${code}/draft/forms/${type}`, { query: { mode }, signal });
}

export interface Typed extends FormPlace {
  values: Record<string, Value>;
  missing: Record<string, string | null>;
}

export function checkValues(code: string, type: string, typed: Typed, signal?: AbortSignal): Promise<Outlook> {
  return api.post(path`/databases/${code}/forms/${type}/check`, typed, { signal, repeatable: true });
}
