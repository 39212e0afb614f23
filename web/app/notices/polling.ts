/** When to ask again for notices: soon after news or an act, ever more seldom while nothing comes. */

export const FASTEST = 10_000; // ms
export const SLOWEST = 60_000;

/** Milliseconds until the next question. */
export function nextWait(last: number, changed: boolean): number {
  return changed ? FASTEST : Math.min(SLOWEST, Math.round(last * 1.5));
}
