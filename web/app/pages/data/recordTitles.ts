/** Names of records for breadcrumbs and window titles, as far as pages have read them. */

import { reactive } from "vue";

const names = reactive(new Map<string, string>());
const keyOf = (code: string, type: string, id: number | string) => `${code}.${type}.${id}`;

export function nameRecord(code: string, type: string, id: number, name: string): void {
  names.set(keyOf(code, type, id), name);
}

/** The record's name, or its number until it was read. */
export function recordTitle(code: string, type: string, id: number | string): string {
  return names.get(keyOf(code, type, id)) ?? `#${id}`;
}

/** Another user may not see them. */
export function forgetRecordTitles(): void {
  names.clear();
}
