/** The field libraries, from the server. */

import { path } from "../../../../shared/api/client";
import type { Page } from "../../../../shared/api/types";
import type { Label } from "../../../../shared/texts";
import { api } from "../../../session/session";
import type { LibraryDocument } from "./elements";

export interface LibraryLine {
  code: string;
  label: Label;
  published: boolean;
  has_draft: boolean;
}

/** Those that have a release: only such can be picked from. */
export async function loadLibraries(signal: AbortSignal): Promise<LibraryLine[]> {
  const lines: LibraryLine[] = [];
  let after: string | number | null = null;
  do {
    const page: Page<LibraryLine> = await api.get("/definitions", { query: { kind: "field_library", after, limit: 200 }, signal });
    lines.push(...page.items);
    after = page.next;
  } while (after !== null);
  return lines.filter(({ published }) => published);
}

/** What its release holds: that is what picking copies, whatever its draft. */
export async function loadLibrary(code: string, signal?: AbortSignal): Promise<LibraryDocument> {
  const { document } = await api.get<{ document: LibraryDocument }>(path`/definitions/field_library/${code}`, { query: { published: true }, signal });
  return document;
}
