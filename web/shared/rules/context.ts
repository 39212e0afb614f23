/** Everything outside the record that a rule may depend on. */

export interface Context {
  /** The local date and time of the evaluation: `2026-03-05T14:20:00`. */
  now: string;
}

const OFFSET = /(?:[zZ]|[+-]\d\d:?\d\d)$/;

/** The context of an evaluation at `moment`: an instant with an offset is turned into the zone's time, all else is local. */
export function contextAt(moment: string, zone: string): Context {
  return { now: OFFSET.test(moment) ? localTime(new Date(moment), zone) : toSeconds(moment) };
}

/** What the clocks of `zone` show at an instant. */
export function localTime(instant: Date, zone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  const [year, month, day] = [parts.get("year")?.padStart(4, "0"), parts.get("month"), parts.get("day")];
  return `${year}-${month}-${day}T${parts.get("hour")}:${parts.get("minute")}:${parts.get("second")}`;
}

function toSeconds(moment: string): string {
  return moment.replace(" ", "T").slice(0, "2026-03-05T14:20:00".length);
}
