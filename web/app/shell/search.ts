/** Finding something by a few of its characters: pages, databases, record types, fields. */

export interface Findable {
  /** What is shown. */
  title: string;
  /** Other words that lead to it: the code, the name in the other language. */
  words: readonly string[];
  /** Which kind comes first among equals; small first. */
  rank: number;
}

const EXACT = 0;
const PREFIX = 1;
const WORD = 2;
const INSIDE = 3;
const SCATTERED = 4;

/** The `limit` best of `entries` that hold every word of `query`; all in their order if it is blank. */
export function search<T extends Findable>(entries: readonly T[], query: string, limit = 30): T[] {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = entries.flatMap((entry) => {
    const score = scoreOf(entry, terms);
    return score === null ? [] : [{ entry, score }];
  });
  scored.sort((a, b) => a.score - b.score || a.entry.rank - b.entry.rank || a.entry.title.length - b.entry.title.length);
  return scored.slice(0, limit).map(({ entry }) => entry);
}

/** The sum of how well each term is met, or null if one is not. */
function scoreOf(entry: Findable, terms: readonly string[]): number | null {
  const texts = [entry.title, ...entry.words].map((text) => text.toLowerCase());
  let sum = 0;
  for (const term of terms) {
    const best = Math.min(...texts.map((text) => closeness(text, term)));
    if (best === Infinity) return null;
    sum += best;
  }
  return sum;
}

function closeness(text: string, term: string): number {
  if (text === term) return EXACT;
  if (text.startsWith(term)) return PREFIX;
  const at = text.indexOf(term);
  if (at > 0) return /[\p{L}\p{N}]/u.test(text[at - 1] ?? "") ? INSIDE : WORD;
  return term.length > 1 && isScattered(text, term) ? SCATTERED : Infinity;
}

/** Whether the characters of `term` occur in `text` in their order: "lnod" in "lung_nodule". */
function isScattered(text: string, term: string): boolean {
  let at = -1;
  return [...term].every((character) => (at = text.indexOf(character, at + 1)) >= 0);
}
