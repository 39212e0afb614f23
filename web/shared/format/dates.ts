/** Dates and times: 2026-03-05 14:20, everywhere. */

const two = (value: number) => String(value).padStart(2, "0");

/** An instant of the system (ISO 8601 with its zone) in the reader's own zone; "" if it is none. */
export function formatInstant(instant: string | null | undefined): string {
  const date = instant ? new Date(instant) : null;
  if (!date || Number.isNaN(date.getTime())) return "";
  return `${dayOf(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g;

/** A message of the server, whose instants carry their zone, with these in the reader's own time. */
export function inLocalTime(message: string): string {
  return message.replace(INSTANT, formatInstant);
}

/** An instant to the second in the reader's own zone, as a trail of acts needs it; "" if it is none. */
export function formatSecond(instant: string | null | undefined): string {
  const date = instant ? new Date(instant) : null;
  return date && !Number.isNaN(date.getTime()) ? `${dayOf(date)} ${clockOf(date)}` : "";
}

/** The reader's own zone now: UTC+08:00. */
export function ownZone(): string {
  return zoneOf(new Date());
}

/** The instant to the second with the reader's zone, for a tooltip: 2026-03-05 14:20:07 (UTC+08:00). */
export function describeInstant(instant: string): string {
  const date = new Date(instant);
  return `${dayOf(date)} ${clockOf(date)} (${zoneOf(date)})`;
}

function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function clockOf(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** A field's own date or time, which is local and has no zone: 2026-03-05T14:20:00 -> 2026-03-05 14:20. */
export function formatLocal(value: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?$/.exec(value);
  if (!match) return value;
  const [, day, clock, seconds] = match;
  return `${day} ${clock}${seconds && seconds !== ":00" ? seconds : ""}`;
}
