/** A short list that comes whole, given page by page, as the grid takes it. */

import type { FetchPage } from "./keysetPages";

/** @param load fetches all rows; done again for each page, so let it keep what it has where that is costly. */
export function wholeList<Row>(load: (signal: AbortSignal) => Promise<readonly Row[]>): FetchPage<Row> {
  return async (after, limit, signal, skip = 0) => {
    const rows = await load(signal);
    const from = Number(after ?? 0) + skip;
    const to = from + limit;
    return { items: rows.slice(from, to), next: to < rows.length ? to : null };
  };
}
