/** Numbers and sizes as people read them. */

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 });

/** 128406 -> "128,406". Decimals stay exactly as stored: a string of digits is never rounded. */
export function formatNumber(value: number | string): string {
  if (typeof value === "number") return Number.isFinite(value) ? GROUPED.format(value) : "";
  const match = /^([-+]?)(\d+)(\.\d+)?$/.exec(value.trim());
  if (!match) return value;
  const [, sign = "", whole = "", rest = ""] = match;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ",") + rest;
}

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** A size in bytes with three digits that count, powers of 1024: 1536 -> "1.5 KB". */
export function formatSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1023.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits).replace(/\.0$/, "")} ${UNITS[unit]}`;
}

/** A share between 0 and 1 as whole percent; never 100 before it is done. */
export function formatShare(share: number): string {
  const percent = share >= 1 ? 100 : Math.min(99, Math.max(0, Math.round(share * 100)));
  return `${percent}%`;
}
