/** Arithmetic in doubles, the same as the server's to the last bit (logarithms and powers to 12 digits). */

import type { Comparison } from "./program.ts";

const NEAR = 1 - 1e-9;
const HALF_TOLERANCE = 2 ** -51;
const EXACT_INTEGERS = 1e15;
const EXPONENT_LIMIT = 700;

/** 10 ** n without the rounding of Math.pow. */
const POWERS_OF_TEN = Array.from({ length: 16 }, (_, exponent) => Number(`1e${exponent}`));

function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] ?? 1;
}

/** Whether two doubles differ by at most 1e-9 of the larger magnitude. */
export function nearlyEqual(left: number, right: number): boolean {
  if (left === right) return true;
  if (left > 0 !== right > 0) return false;
  const [a, b] = [Math.abs(left), Math.abs(right)];
  return a < b ? a >= b * NEAR : b >= a * NEAR;
}

export const NEARLY: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  "=": nearlyEqual,
  "<>": (left, right) => !nearlyEqual(left, right),
  "<": (left, right) => left < right && !nearlyEqual(left, right),
  "<=": (left, right) => left < right || nearlyEqual(left, right),
  ">": (left, right) => left > right && !nearlyEqual(left, right),
  ">=": (left, right) => left > right || nearlyEqual(left, right),
};

/** Not a number stands for "undefined"; the caller makes it, and what is out of range, missing. */
export const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => (right === 0 ? NaN : left / right),
  "^": power,
};

function power(base: number, exponent: number): number {
  if (base === 0) return exponent < 0 ? NaN : exponent === 0 ? 1 : 0;
  if ((base < 0 && exponent !== Math.floor(exponent)) || Math.abs(exponent) > 1e9) return NaN;
  if (Math.abs(exponent) < 1e-200) return 1;
  const size = exponent * Math.log(Math.abs(base));
  if (size > EXPONENT_LIMIT) return NaN;
  return size < -EXPONENT_LIMIT ? 0 : Math.pow(base, exponent);
}

/**
 * Rounded to `digits` decimals, halves away from zero. A value within two units in the last place of a half
 * counts as that half, so that 1.005 gives 1.01; from 1e15 units on, doubles have no half to round.
 */
export function roundHalfAway(value: number, digits: number): number {
  const magnitude = Math.abs(value);
  const scale = powerOfTen(Math.abs(digits));
  if (digits >= 0) {
    if (magnitude >= EXACT_INTEGERS / scale) return value;
    return signed(value, halfUp(magnitude * scale) / scale);
  }
  if (magnitude < 0.1) return 0;
  return magnitude >= EXACT_INTEGERS * scale ? value : signed(value, halfUp(magnitude / scale) * scale);
}

function halfUp(scaled: number): number {
  return Math.floor(scaled + 0.5 + scaled * HALF_TOLERANCE);
}

function signed(value: number, size: number): number {
  return (value < 0 ? -size : size) + 0;
}

/** The number with so many decimals; null where it has more than 15 digits in all. */
export function fixed(value: number, digits: number): string | null {
  const scale = powerOfTen(digits);
  if (Math.abs(value) >= EXACT_INTEGERS / scale) return null;
  const units = halfUp(Math.abs(value) * scale);
  const part = units % scale;
  const whole = `${value < 0 && units ? "-" : ""}${(units - part) / scale}`;
  return digits ? `${whole}.${String(part).padStart(digits, "0")}` : whole;
}

/** What division leaves over, with the sign of the divisor; a nearly whole quotient counts as whole. */
export function modulo(number: number, divisor: number): number | null {
  if (divisor === 0) return null;
  const quotient = number / divisor;
  if (!(Math.abs(quotient) < EXACT_INTEGERS)) return null;
  const rest = number - divisor * Math.floor(quotient + Math.abs(quotient) * HALF_TOLERANCE);
  return rest > 0 === divisor > 0 ? rest : 0;
}

export function exponential(value: number): number | null {
  if (value > EXPONENT_LIMIT) return null;
  return value < -EXPONENT_LIMIT ? 0 : Math.exp(value);
}
