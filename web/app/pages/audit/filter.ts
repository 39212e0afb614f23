/** What entries are looked for: kept in the address, so that a search can be sent to a colleague. */

import type { LocationQuery, LocationQueryRaw } from "vue-router";

import { instantsOf, type Range, RANGE_NAMES, type RangeName } from "./ranges";

/** The parts of a filter besides its period, by their names in the address and in the interface. */
export const PARTS = ["subject", "action", "kind", "resource", "patient", "outcome", "channel", "request_id"] as const;

export type Part = (typeof PARTS)[number];
export type AuditFilter = Record<Part, string> & { range: Range };

/** The period of a search that names none. */
const USUAL: RangeName = "7d";

export function emptyFilter(usual = USUAL): AuditFilter {
  const parts = Object.fromEntries(PARTS.map((part) => [part, ""])) as Record<Part, string>;
  return { ...parts, range: { name: usual, from: "", to: "" } };
}

/** @param usual the period where the address names none. */
export function readFilter(query: LocationQuery, usual = USUAL): AuditFilter {
  const filter = emptyFilter(usual);
  for (const part of PARTS) filter[part] = one(query[part]).trim();
  if (!/^[1-9]\d{0,17}$/.test(filter.patient)) filter.patient = "";
  const name = RANGE_NAMES.find((each) => each === one(query.range)) ?? usual;
  filter.range = name === "custom" ? { name, from: one(query.from), to: one(query.to) } : { name, from: "", to: "" };
  return filter;
}

/** The address of a filter; what is usual is left out. */
export function writeFilter({ range, ...parts }: AuditFilter, usual = USUAL): LocationQueryRaw {
  const given = Object.entries(parts).filter(([, value]) => value !== "");
  const bounds = range.name === "custom" ? { ...(range.from && { from: range.from }), ...(range.to && { to: range.to }) } : {};
  return { ...Object.fromEntries(given), ...(range.name !== usual && { range: range.name }), ...bounds };
}

/** As the interface takes it. */
export function asked({ range, ...parts }: AuditFilter, now?: Date): Record<string, string> {
  return { ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== "")), ...instantsOf(range, now) };
}

/** Whether it asks for less than the usual period. */
export function isFiltered(filter: AuditFilter): boolean {
  return PARTS.some((part) => filter[part] !== "") || filter.range.name !== "all";
}

/** Everything that was asked with one request, however long ago. */
export function ofRequest(request: string): AuditFilter {
  return { ...emptyFilter("all"), request_id: request };
}

function one(value: LocationQuery[string] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
