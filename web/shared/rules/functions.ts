/** The functions of the language that a browser runs, by name; the server's rules_dsl/functions documents them. */

import * as dates from "./dates.ts";
import * as numbers from "./numbers.ts";
import * as strings from "./strings.ts";

type Result = number | string | null;

/** Gets present arguments, then the literals; null is missing. */
export type RuleFunction = (...values: never[]) => Result;

export const FUNCTIONS: Readonly<Record<string, RuleFunction>> = {
  round: numbers.roundHalfAway,
  abs: Math.abs,
  floor: (value: number) => Math.floor(value) + 0,
  ceil: (value: number) => Math.ceil(value) + 0,
  sqrt: (value: number) => (value >= 0 ? Math.sqrt(value) : null),
  ln: (value: number) => (value > 0 ? Math.log(value) : null),
  log10: (value: number) => (value > 0 ? Math.log10(value) : null),
  exp: numbers.exponential,
  mod: numbers.modulo,
  sign: (value: number) => Math.sign(value) + 0,
  format: numbers.fixed,
  length: strings.length,
  lower: strings.lower,
  upper: strings.upper,
  trim: strings.trim,
  concat: strings.concat,
  substring: strings.substring,
  number: strings.textNumber,
  replace: strings.replace,
  position: strings.position,
  left: strings.left,
  right: strings.right,
  part: strings.textPart,
  year: dates.year,
  month: dates.month,
  day: dates.day,
  weekday: dates.weekday,
  hour: dates.hour,
  minute: dates.minute,
  date_of: dates.dateOf,
  datediff: dates.difference,
  add_days: dates.addDays,
  add_months: (moment: string, count: number) => dates.addMonths(moment, count, 1),
  add_years: (moment: string, count: number) => dates.addMonths(moment, count, 12),
  age_months: dates.ageMonths,
  age_years: dates.ageYears,
};
