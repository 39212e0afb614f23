/** Periods of the trail: some days back from now, all of it, or two days that somebody chose. */

export const RANGE_NAMES = ["today", "7d", "30d", "all", "custom"] as const;

export type RangeName = (typeof RANGE_NAMES)[number];

export interface Range {
  name: RangeName;
  /** The first and the last day of "custom", as 2026-03-05; "" for no bound. */
  from: string;
  to: string;
}

const BACK: Partial<Record<RangeName, number>> = { today: 0, "7d": 6, "30d": 29 }; // whole days before today

/** The instants of a period in the reader's own days: from the first (included) to the last (not included). */
export function instantsOf({ name, from, to }: Range, now = new Date()): { from?: string; to?: string } {
  const back = BACK[name];
  if (back !== undefined) return { from: startOf(now, -back) };
  if (name === "all") return {};
  const [first, last] = [dayOf(from), dayOf(to)];
  return { ...(first && { from: startOf(first) }), ...(last && { to: startOf(last, 1) }) };
}

/** Midnight of `day`, `later` days on, in the reader's zone. */
function startOf(day: Date, later = 0): string {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + later).toISOString();
}

function dayOf(text: string): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (!year) return null;
  const found = new Date(Number(year), Number(month) - 1, Number(day));
  return found.getMonth() === Number(month) - 1 ? found : null; // no 30th of February
}

export interface DayCount {
  day: string;
  count: number;
}

const MOST_DAYS = 366;

/** Every day between the first and the last that has entries, those without as 0: gaps are to be seen. */
export function withGaps(days: readonly DayCount[]): DayCount[] {
  const counts = new Map(days.map(({ day, count }) => [day, count]));
  const sorted = [...counts.keys()].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return [];
  const all: DayCount[] = [];
  for (let day = last; day >= first && all.length < MOST_DAYS; day = before(day)) all.unshift({ day, count: counts.get(day) ?? 0 });
  return all;
}

function before(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - 1);
  return at.toISOString().slice(0, 10);
}
