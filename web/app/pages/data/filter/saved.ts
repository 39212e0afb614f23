/** The saved filters of a record type: which come first and which fit a search. */

import type { SavedFilter } from "../../../../shared/api/types";

/** One's own first, then those of others; each by name. */
export function sorted(filters: readonly SavedFilter[]): SavedFilter[] {
  return [...filters].sort((a, b) => Number(b.mine) - Number(a.mine) || a.name.localeCompare(b.name, "zh-CN"));
}

export function found(filters: readonly SavedFilter[], typed: string): SavedFilter[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return filters.filter(({ name, description, owner }) => {
    const texts = `${name} ${description} ${owner}`.toLowerCase();
    return words.every((word) => texts.includes(word));
  });
}
