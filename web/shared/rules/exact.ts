/** Stored numbers: plain ones while 15 significant digits hold them, else as many digits as they have. */

const WRITTEN = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
const SURE_DIGITS = 15;

/** A number of more than 15 significant digits: `units` times ten to the power of `-places`. */
export class LongNumber {
  readonly units: bigint;
  readonly places: number;

  constructor(units: bigint, places: number) {
    this.units = units;
    this.places = places;
  }

  toNumber(): number {
    return Number(`${this.units}e${-this.places}`);
  }

  /** All digits, without an exponent and without idle zeros. */
  toString(): string {
    return plainDigits(this);
  }
}

export type Exact = number | LongNumber;

/** The number that a record or program holds, as a number or as text; null if it is none. */
export function readExact(stored: unknown): Exact | null {
  if (typeof stored === "number") return Number.isFinite(stored) ? stored : null;
  if (typeof stored !== "string") return null;
  const read = readLong(stored);
  if (read === null) return null;
  const digits = String(read.units).replace("-", "").replace(/0+$/, "");
  const plain = read.toNumber();
  const isSure = digits.length <= SURE_DIGITS && Number.isFinite(plain) && (plain !== 0 || read.units === 0n);
  return isSure ? plain : read;
}

function readLong(text: string): LongNumber | null {
  const found = WRITTEN.exec(text);
  if (!found) return null;
  const [, sign, whole = "", part = "", exponent = "0"] = found;
  const units = BigInt(whole + part);
  return new LongNumber(sign === "-" ? -units : units, part.length - Number(exponent));
}

/** Below zero, zero or above zero, as `left` is less than, equal to or greater than `right`; no digit is dropped. */
export function compareExact(left: Exact, right: Exact): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [a, b] = [asLong(left), asLong(right)];
  const places = Math.max(a.places, b.places);
  const [first, second] = [scaled(a, places), scaled(b, places)];
  return first < second ? -1 : Number(first > second);
}

function asLong(value: Exact): LongNumber {
  return typeof value === "number" ? (readLong(String(value)) ?? new LongNumber(0n, 0)) : value;
}

function scaled(value: LongNumber, places: number): bigint {
  return value.units * 10n ** BigInt(places - value.places);
}

/** All digits of a stored number, without an exponent and without idle zeros: -8.10 is `-8.1`. */
export function plainDigits(value: Exact): string {
  const { units, places } = asLong(value);
  const size = String(units < 0n ? -units : units);
  const sign = units < 0n ? "-" : "";
  if (places <= 0) return sign + (units === 0n ? "0" : size + "0".repeat(-places));
  const digits = size.padStart(places + 1, "0");
  const part = digits.slice(-places).replace(/0+$/, "");
  return sign + digits.slice(0, -places) + (part && `.${part}`);
}
