/** The disease databases the user may see, kept for the whole application: pages, breadcrumbs, palette. */

import { reactive, readonly } from "vue";

import { path } from "../../shared/api/client";
import type { Database, DatabaseSummary, Page } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { api } from "../session/session";

interface State {
  list: DatabaseSummary[];
  known: boolean;
}

const state = reactive<State>({ list: [], known: false });
export const databases = readonly(state) as Readonly<State>;

/** Fetch the list anew, page by page. */
export async function loadDatabases(signal?: AbortSignal): Promise<DatabaseSummary[]> {
  const list: DatabaseSummary[] = [];
  let after: string | number | null = null;
  do {
    const page: Page<DatabaseSummary> = await api.get("/databases", { query: { after, limit: 200, counts: true }, signal });
    list.push(...page.items);
    after = page.next;
  } while (after !== null);
  Object.assign(state, { list, known: true });
  return list;
}

/** The database's name for breadcrumbs; its code until the list is known. */
export function databaseName(code: string): Label | string {
  if (!state.known) void loadDatabases().catch(() => undefined); // the page itself tells about errors
  return state.list.find((database) => database.code === code)?.label ?? code;
}

const details = new Map<string, { release: number | null; database: Promise<Database> }>();

/** A database's live release, fetched once per release number. */
export function loadDatabase(code: string): Promise<Database> {
  const release = state.list.find((database) => database.code === code)?.release ?? null;
  const held = details.get(code);
  if (held && held.release === release) return held.database;
  const database = api.get<Database>(path`/databases/${code}`);
  details.set(code, { release, database });
  database.catch(() => details.delete(code));
  return database;
}

export function forgetDatabases(): void {
  Object.assign(state, { list: [], known: false });
  details.clear();
}
