/** Which rows are chosen: one, a range from an anchor, or any. By code, so that a choice outlives sorting and moves. */

export interface Selection {
  chosen: ReadonlySet<string>;
  /** Where a range starts. */
  anchor: string | null;
}

export const NONE: Selection = { chosen: new Set(), anchor: null };

export function only(code: string): Selection {
  return { chosen: new Set([code]), anchor: code };
}

export function toggled({ chosen }: Selection, code: string): Selection {
  const next = new Set(chosen);
  if (!next.delete(code)) next.add(code);
  return { chosen: next, anchor: code };
}

/** From the anchor to `code`, in the order of `codes`. */
export function extended(selection: Selection, code: string, codes: readonly string[]): Selection {
  const [from, to] = [codes.indexOf(selection.anchor ?? code), codes.indexOf(code)];
  if (from < 0 || to < 0) return only(code);
  return { chosen: new Set(codes.slice(Math.min(from, to), Math.max(from, to) + 1)), anchor: selection.anchor ?? code };
}

export function all(codes: readonly string[]): Selection {
  return { chosen: new Set(codes), anchor: codes[0] ?? null };
}

/** Without what is no longer there. */
export function among({ chosen, anchor }: Selection, codes: ReadonlySet<string>): Selection {
  return { chosen: new Set([...chosen].filter((code) => codes.has(code))), anchor: anchor !== null && codes.has(anchor) ? anchor : null };
}

export function renamed({ chosen, anchor }: Selection, from: string, to: string): Selection {
  const swap = (code: string) => (code === from ? to : code);
  return { chosen: new Set([...chosen].map(swap)), anchor: anchor === null ? null : swap(anchor) };
}
