/** The form as the server sends it, as far as this page looks into it; made ready for the values it will show. */

import { MASKED } from "../shared/api/types";
import { REASONS } from "../shared/forms/frame";

export interface Option {
  label: string;
  value: string;
  /** No longer offered: shown only where it is chosen already. */
  inactive?: boolean;
}

export interface ComponentSchema {
  type: string;
  key: string;
  input: boolean;
  label?: string;
  disabled?: boolean;
  multiple?: boolean;
  values?: Option[];
  /** Characters that fit, once prepared. */
  longest?: number | undefined;
  /** Of boxes, once prepared: the code of each. */
  codes?: string[];
  /** Once prepared: whether a masked value stands, or its replacement is being typed. (`mask` is the renderer's own word.) */
  veil?: "kept" | "replaced" | undefined;
  data?: { values: Option[] };
  validate?: { required?: boolean; maxLength?: number | undefined };
  properties?: { fieldType?: string; entry?: string; result?: string; masked?: boolean; missingCodes?: string[] };
  components?: ComponentSchema[];
  columns?: { components: ComponentSchema[] }[];
}

export interface FormSchema {
  components: ComponentSchema[];
}

export type Values = Record<string, unknown>;

/** All components of a form that ask for a field. */
export function fieldsOf(components: readonly ComponentSchema[]): ComponentSchema[] {
  return components.flatMap((component) => {
    if (component.input) return [component];
    const within = [...(component.components ?? []), ...(component.columns ?? []).flatMap((column) => column.components)];
    return fieldsOf(within);
  });
}

const NONE: ReadonlySet<string> = new Set();

/**
 * A copy of the form for these values: masked values can't be typed over unless they are `replaced`, choices out of
 * use are offered only where they are held, and nothing can be typed where all is read only.
 */
export function prepared(schema: FormSchema, values: Values, readOnly: boolean, replaced: ReadonlySet<string> = NONE): FormSchema {
  const copy = structuredClone(schema);
  for (const field of fieldsOf(copy.components)) {
    const value = values[field.key];
    if (!readOnly) field.veil = veilOf(field, value, replaced);
    if (readOnly || field.veil === "kept") field.disabled = true;
    field.longest = field.validate?.maxLength;
    if (field.validate) field.validate.maxLength = undefined; // the renderer would count letters aloud, in English
    const held = new Set((Array.isArray(value) ? value : [value]).map(String));
    if (field.values) field.values = offered(field.values, held);
    if (field.type === "selectboxes") number(field);
    if (field.data) field.data.values = offered(field.data.values, held).map(({ label, value: code }) => ({ label, value: unescaped(code) }));
  }
  return copy;
}

function veilOf(field: ComponentSchema, value: unknown, replaced: ReadonlySet<string>): ComponentSchema["veil"] {
  if (!field.properties?.masked) return undefined;
  if (value === MASKED) return "kept";
  return replaced.has(field.key) ? "replaced" : undefined;
}

/** The renderer takes the codes of boxes for paths, so that "C34.1" would be two: it gets numbers in their place. */
function number(field: ComponentSchema): void {
  field.codes = (field.values ?? []).map(({ value }) => unescaped(value));
  field.values = (field.values ?? []).map((option, place) => ({ ...option, value: boxOf(place) }));
}

export const boxOf = (place: number): string => `box${place}`;

function offered(options: Option[], held: ReadonlySet<string>): Option[] {
  return options.filter(({ inactive, value }) => !inactive || held.has(unescaped(value)));
}

/** Codes come escaped, as they stand in attributes of markup; a list to search in compares them as they are. */
function unescaped(code: string): string {
  const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return code.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name) return NAMED[name] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16));
  });
}

/** Reasons for missing values by field code. */
export function reasonsIn(values: Values): Record<string, string> {
  const reasons = values[REASONS];
  if (typeof reasons !== "object" || reasons === null) return {};
  return Object.fromEntries(Object.entries(reasons).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
