/** Days, moments and times of day as people type them, as fields store them and as the browser's pickers want them. */

export type MomentKind = "date" | "datetime" | "time";

const WRITTEN = { date: /^\d{4}-\d\d-\d\d$/, datetime: /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?$/, time: /^(\d\d:\d\d)(:\d\d)?$/ } as const;

/** What the browser's own input of that kind is called. */
export const NATIVE_TYPES = { date: "date", datetime: "datetime-local", time: "time" } as const;

/** The typed text where the browser's picker can start from it, else "". */
export function forNative(kind: MomentKind, typed: string): string {
  const text = typed.trim();
  if (kind === "datetime") return /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(text) ? text.replace(" ", "T") : "";
  if (kind === "time") return /^\d\d:\d\d/.test(text) ? text : "";
  return WRITTEN.date.test(text) ? text : "";
}

/** The typed text as it is stored, to the second; null where it is no such day, moment or time. */
export function readMoment(kind: MomentKind, typed: string): string | null {
  const text = typed.trim();
  const match = WRITTEN[kind].exec(text);
  if (!match) return null;
  if (kind === "date") return isDay(text) ? text : null;
  const [day, clock, seconds] = kind === "time" ? ["", match[1] ?? "", match[2]] : [match[1] ?? "", match[2] ?? "", match[3]];
  if ((day && !isDay(day)) || !/^([01]\d|2[0-3]):[0-5]\d$/.test(clock) || !/^:[0-5]\d$/.test(seconds ?? ":00")) return null;
  return `${day && `${day}T`}${clock}${seconds ?? ":00"}`;
}

/** Not the 30th of February: `Date` would go on to March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
