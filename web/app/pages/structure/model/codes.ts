/** Codes of fields and record types: which are allowed, and which to offer. */

export const FIELD_CODE = { longest: 99 };
export const TYPE_CODE = { longest: 63 };
export const LONGEST_NAME = 5000;
export const LONGEST_UNIT = 100;

export type CodeFault = "codeEmpty" | "codeShape" | "codeLong" | "codeTaken";

export function codeFault(code: string, taken: ReadonlySet<string>, { longest } = FIELD_CODE): CodeFault | null {
  if (code === "") return "codeEmpty";
  if (!/^[a-z][a-z0-9_]*$/.test(code)) return "codeShape";
  if (code.length > longest) return "codeLong";
  return taken.has(code) ? "codeTaken" : null;
}

/** A code made of a name: "Tumour size (mm)" gives tumour_size_mm; "" where nothing of it can stand in a code. */
export function codeOf(name: string, longest = 60): string {
  const plain = name.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f]/g, "");
  const code = plain.replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+/, "").slice(0, longest);
  return code.replace(/_+$/, "");
}

/** `code` itself if it is free, else with the first number that makes it so. */
export function freeCode(code: string, taken: ReadonlySet<string>): string {
  if (!taken.has(code)) return code;
  const stem = code.replace(/_\d+$/, "");
  for (let n = 2; ; n += 1) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}
