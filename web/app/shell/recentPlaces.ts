/** Where a user went lately, by the palette or otherwise; kept in the browser, for each user apart. */

export const KEPT = 30;

const keyOf = (userId: number) => `zhenshu.places.${userId}`;

/** Ids of destinations, the latest first. */
export function recentPlaces(userId: number): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? "[]");
    return Array.isArray(stored) ? stored.filter((each) => typeof each === "string").slice(0, KEPT) : [];
  } catch {
    return []; // what somebody else wrote there is not worth an error
  }
}

export function rememberPlace(userId: number, id: string): void {
  const places = [id, ...recentPlaces(userId).filter((each) => each !== id)].slice(0, KEPT);
  localStorage.setItem(keyOf(userId), JSON.stringify(places));
}

/** Those that were visited lately first, in that order; the others stay as they are. */
export function recentFirst<T extends { id: string }>(entries: readonly T[], places: readonly string[]): T[] {
  const rank = new Map(places.map((id, i) => [id, i]));
  return [...entries].sort((a, b) => (rank.get(a.id) ?? KEPT) - (rank.get(b.id) ?? KEPT));
}
