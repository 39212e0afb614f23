/** What is made of several values: listed ones, or those of related records. */

import { compareText } from "./strings.ts";
import { finite, type Value } from "./values.ts";

const MOST_SPREAD = 1e150;
const LEAST_SPREAD = 1e-150;

type OfPresent = (values: Value[]) => Value;
type OfTruths = (truths: Value[]) => Value;
type ByOrder = (pairs: (readonly [Value, Value])[]) => Value;

/** Below zero, zero or above zero, for two values of one type: numbers, texts, dates, or false before true. */
function compareValues(left: Value, right: Value): number {
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  return Number(left) - Number(right);
}

function extreme(values: readonly Value[], direction: 1 | -1): Value {
  let found: Value = null;
  for (const value of values) {
    if (value === null) continue;
    if (found === null || compareValues(value, found) * direction > 0) found = value;
  }
  return found;
}

/** One after the other, as every back end does. */
function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function median(values: readonly number[]): number | null {
  const ordered = [...values].sort((one, other) => one - other);
  const low = ordered[(ordered.length - 1) >> 1];
  const high = ordered[ordered.length >> 1];
  if (low === undefined || high === undefined) return null;
  return low === high ? low : finite((low + high) / 2);
}

/**
 * The sample standard deviation. Distances are taken from the smallest value, so that close values lose no digits
 * and equal ones give exactly 0; squares stay clear of the limits of a double.
 */
function stdev(values: readonly number[]): number | null {
  if (values.length < 2 || values.some((value) => Math.abs(value) > MOST_SPREAD)) return null;
  const smallest = values.reduce((one, other) => Math.min(one, other));
  const distances = values.map((value) => value - smallest);
  const sum = total(distances);
  const correction = sum >= LEAST_SPREAD ? (sum * sum) / values.length : 0;
  const squares = total(distances.filter((one) => one >= LEAST_SPREAD).map((one) => one * one));
  return Math.sqrt(Math.max(squares - correction, 0) / (values.length - 1));
}

export const OF_VALUES: Readonly<Record<string, OfPresent>> = {
  count: (values) => values.length,
  min: (values) => extreme(values, -1),
  max: (values) => extreme(values, 1),
  sum: (values) => (values.length ? finite(total(values as number[])) : null),
  mean: (values) => (values.length ? finite(total(values as number[]) / values.length) : null),
  median: (values) => median(values as number[]),
  stdev: (values) => stdev(values as number[]),
};

function any(truths: readonly Value[]): Value {
  if (truths.includes(true)) return true;
  return truths.includes(null) ? null : false;
}

function all(truths: readonly Value[]): Value {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

function ofPresent(aggregate: OfPresent): OfTruths {
  return (values) => aggregate(values.filter((value) => value !== null));
}

export const OF_RECORDS: Readonly<Record<string, OfTruths>> = {
  ...Object.fromEntries(Object.entries(OF_VALUES).map(([kind, aggregate]) => [kind, ofPresent(aggregate)])),
  any,
  all,
  count: (truths) => truths.filter((truth) => truth === true).length,
};

/** The value beside the greatest or least `by`; of equal ones the greatest or least present value. */
function beside(direction: 1 | -1): ByOrder {
  return (pairs) => {
    const edge = extreme(
      pairs.map(([by]) => by),
      direction,
    );
    const there = pairs.filter(([by]) => by !== null && by === edge);
    return extreme(
      there.map(([, value]) => value),
      direction,
    );
  };
}

export const BY_ORDER: Readonly<Record<string, ByOrder>> = { latest: beside(1), earliest: beside(-1) };
