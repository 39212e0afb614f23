/** The interface of forms: each call. */

import { path } from "../../shared/api/client";
import type { DraftForm, FormMode, Outlook, RecordForm, Value } from "../../shared/api/types";
import { api } from "../session/session";

export function getForm(code: string, type: string, mode: FormMode, signal?: AbortSignal): Promise<RecordForm> {
  return api.get(path`/databases/${code}/forms/${type}`, { query: { mode }, signal });
}

export function getDraftForm(code: string, type: string, mode: FormMode, signal?: AbortSignal): Promise<DraftForm> {
  return api.get(path`/databases/${code}/draft/forms/${type}`, { query: { mode }, signal });
}

export interface Typed {
  /** The stored record that these values change; null for a new one. */
  record: number | null;
  parent: number | null;
  values: Record<string, Value>;
  missing: Record<string, string | null>;
}

export function checkValues(code: string, type: string, typed: Typed, signal?: AbortSignal): Promise<Outlook> {
  return api.post(path`/databases/${code}/forms/${type}/check`, typed, { signal, repeatable: true });
}
