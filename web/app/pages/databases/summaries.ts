/** Disease databases as the list shows and filters them. */

import type { Category, DatabaseSummary } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import { CATEGORIES } from "./texts";

export interface Filter {
  text: string;
  category: Category | "";
}

export function matching(list: readonly DatabaseSummary[], { text, category }: Filter): DatabaseSummary[] {
  const needle = text.trim().toLowerCase();
  return list.filter(({ code, label, category: its }) => {
    if (category && its !== category) return false;
    return [code, label.zh, label.en].some((name) => name.toLowerCase().includes(needle));
  });
}

/** The category's name; a dash while the database has none, before its first release. */
export function categoryLabel(category: Category | ""): Label {
  return category ? CATEGORIES[category] : { zh: "–", en: "–" };
}

/** Records of all types, or null if the user may count none of them. */
export function recordCount({ record_types }: DatabaseSummary): number | null {
  const counts = record_types.flatMap(({ count }) => count ?? []);
  return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : null;
}
