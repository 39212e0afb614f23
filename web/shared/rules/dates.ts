/**
 * Dates and times as ISO text (`2026-03-05`, `2026-03-05T14:20:00`, `14:20:00`), local and naive, in the proleptic
 * Gregorian calendar from the year 1 to 9999. The text orders like the time, so comparing is comparing text.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;
const CLOCK_AT = "2026-03-05T".length;
const DAY = 86_400;
const MOST_DAYS = 4_000_000;
const MOST_MONTHS = 150_000;

const SECONDS: Readonly<Record<string, number>> = {
  y: 365.2425 * DAY,
  M: 30.44 * DAY,
  w: 7 * DAY,
  d: DAY,
  h: 3600,
  m: 60,
  s: 1,
};

export function readDate(text: string): string | null {
  const found = DATE.exec(text);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const exists = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? text : null;
}

export function readDatetime(text: string): string | null {
  const found = DATETIME.exec(text);
  const day = found && readDate(found[1] ?? "");
  const clock = found && readTime(found[2] ?? "");
  return day && clock ? `${day}T${clock}` : null;
}

export function readTime(text: string): string | null {
  if (!TIME.test(text)) return null;
  return text.length === "14:20".length ? `${text}:00` : text;
}

export const dateOf = (moment: string): string => moment.slice(0, "2026-03-05".length);
export const midnight = (day: string): string => `${day}T00:00:00`;
export const year = (moment: string): number => Number(moment.slice(0, 4));
export const month = (moment: string): number => Number(moment.slice(5, 7));
export const day = (moment: string): number => Number(moment.slice(8, 10));
export const hour = (moment: string): number => Number(clockOf(moment).slice(0, 2));
export const minute = (moment: string): number => Number(clockOf(moment).slice(3, 5));

/** 1 (Monday) to 7. */
export function weekday(moment: string): number {
  return ((dayNumber(moment) + 3) % 7 + 7) % 7 + 1;
}

/** The time of day of a datetime or time. */
function clockOf(moment: string): string {
  return moment.length > CLOCK_AT ? moment.slice(CLOCK_AT) : moment;
}

/** From one datetime to the other in a unit, with fractions. */
export function difference(start: string, end: string, unit: string): number {
  return (secondsOf(end) - secondsOf(start)) / (SECONDS[unit] ?? NaN);
}

function secondsOf(moment: string): number {
  return dayNumber(moment) * DAY + secondOfDay(moment);
}

function secondOfDay(moment: string): number {
  return moment.length > CLOCK_AT ? hour(moment) * 3600 + minute(moment) * 60 + Number(moment.slice(17, 19)) : 0;
}

export function ageMonths(birth: string, at: string): number {
  return (year(at) - year(birth)) * 12 + month(at) - month(birth) - Number(day(at) < day(birth));
}

export function ageYears(birth: string, at: string): number {
  const hadBirthday = at.slice(5, 10) >= birth.slice(5, 10);
  return year(at) - year(birth) - Number(!hadBirthday);
}

/** A date or datetime so many whole days later; fractions are cut off. */
export function addDays(moment: string, days: number): string | null {
  return Math.abs(days) > MOST_DAYS ? null : later(moment, Math.trunc(days) * DAY);
}

/** A date or datetime so many whole units of `size` months later. */
export function addMonths(moment: string, count: number, size: number): string | null {
  return Math.abs(count) <= MOST_MONTHS / size ? shifted(moment, Math.trunc(count) * size, 0) : null;
}

/**
 * A date or datetime so many months later, its day cut to the month's last one, and then so many seconds later.
 * Missing where a step leaves the years 1 to 9999.
 */
export function shifted(moment: string, months: number, seconds: number): string | null {
  const moved = months ? monthsLater(moment, months) : moment;
  return moved === null ? null : later(moved, seconds);
}

function monthsLater(moment: string, months: number): string | null {
  const index = year(moment) * 12 + month(moment) - 1 + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  if (toYear < 1 || toYear > 9999) return null;
  const toDay = Math.min(day(moment), daysInMonth(toYear, toMonth));
  return written(toYear, toMonth, toDay) + moment.slice(dateOf(moment).length);
}

function later(moment: string, seconds: number): string | null {
  const all = secondsOf(moment) + seconds;
  const days = Math.floor(all / DAY);
  const date = fromDayNumber(days);
  if (date === null || moment.length < CLOCK_AT) return date;
  const rest = all - days * DAY;
  return `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/*
 * Days since 1970-01-01, by counting years from March on, so that a leap day is the last day of its year, in
 * eras of 400 years (146,097 days). Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
const ERA = 146_097;
const TO_1970 = 719_468;

function dayNumber(moment: string): number {
  const [months, days] = [month(moment), day(moment)];
  const years = year(moment) - Number(months <= 2);
  const era = Math.floor(years / 400);
  const yearOfEra = years - era * 400;
  const dayOfYear = Math.floor((153 * (months + (months > 2 ? -3 : 9)) + 2) / 5) + days - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA + dayOfEra - TO_1970;
}

function fromDayNumber(number: number): string | null {
  const from = number + TO_1970;
  const era = Math.floor(from / ERA);
  const dayOfEra = from - era * ERA;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const months = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const years = yearOfEra + era * 400 + Number(months <= 2);
  if (years < 1 || years > 9999) return null;
  return written(years, months, dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1);
}

function written(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
