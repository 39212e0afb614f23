/** Masking types and methods, from the server and back. */

import { path } from "../../../shared/api/client";
import type { MaskingMethod, MaskingPreview, MaskingType, MaskingTypeDocument, MaskingUse, Page, ParameterValue } from "../../../shared/api/types";
import { api } from "../../session/session";

export interface SavedType {
  document: MaskingTypeDocument;
  draft_version: number;
  saved: boolean;
}

export async function loadMethods(signal: AbortSignal): Promise<MaskingMethod[]> {
  return (await api.get<{ items: MaskingMethod[] }>("/masking/methods", { signal })).items;
}

/** All of them: they are as few as the ways to mask that a hospital thinks of. */
export async function loadTypes(signal?: AbortSignal): Promise<MaskingType[]> {
  const types: MaskingType[] = [];
  let after: string | number | null = null;
  do {
    const page: Page<MaskingType> = await api.get("/masking/types", { query: { after, limit: 200 }, signal });
    types.push(...page.items);
    after = page.next;
  } while (after !== null);
  return types;
}

export function loadType(code: string, signal: AbortSignal): Promise<SavedType> {
  return api.get(path`/definitions/masking_type/${code}`, { signal });
}

export async function saveType(document: MaskingTypeDocument, version: number): Promise<number> {
  const body = { expected_version: version, document };
  return (await api.put<{ draft_version: number }>(path`/definitions/masking_type/${document.code}`, body)).draft_version;
}

export function publishType(code: string): Promise<unknown> {
  return api.post(path`/definitions/masking_type/${code}/publish`, {});
}

export function dropDraft(code: string): Promise<unknown> {
  return api.delete(path`/masking/types/${code}/draft`);
}

export function loadUses(code: string, after: string | number | null, signal: AbortSignal): Promise<Page<MaskingUse>> {
  return api.get(path`/masking/types/${code}/uses`, { query: { after, limit: 20 }, signal });
}

export function previewOf(
  method: string, parameters: Record<string, ParameterValue>, samples: readonly string[], signal: AbortSignal,
): Promise<MaskingPreview> {
  return api.post("/masking/preview", { method, parameters, samples }, { signal });
}
