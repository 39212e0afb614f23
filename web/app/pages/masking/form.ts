/** What is edited of a masking type, and the document that is made of it. */

import type { MaskingMethod, MaskingTypeDocument, ParameterValue } from "../../../shared/api/types";

export interface MaskingForm {
  code: string;
  zh: string;
  en: string;
  description_zh: string;
  description_en: string;
  method: string;
  parameters: Record<string, ParameterValue>;
  example: string;
}

export const CODE = /^[a-z][a-z0-9_]{0,62}$/;

export function emptyForm(method = "pattern"): MaskingForm {
  return { code: "", zh: "", en: "", description_zh: "", description_en: "", method, parameters: {}, example: "" };
}

export function formOf(document: MaskingTypeDocument): MaskingForm {
  const { code, label, description, method, parameters, example } = document;
  return {
    code, method, parameters: { ...parameters }, example: example ?? "", zh: label?.zh ?? "", en: label?.en ?? "",
    description_zh: description?.zh ?? "", description_en: description?.en ?? "",
  };
}

export function documentOf(form: MaskingForm, method: MaskingMethod | undefined): MaskingTypeDocument {
  const parameters = changedParameters(form.parameters, method);
  const description = { zh: form.description_zh.trim(), en: form.description_en.trim() };
  return {
    kind: "masking_type",
    code: form.code,
    label: { zh: form.zh.trim(), en: form.en.trim() },
    ...((description.zh || description.en) && { description }),
    method: form.method,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(form.example.trim() && { example: form.example.trim() }),
  };
}

/** Those that the method takes and that differ from its defaults: nothing is fixed that nobody chose. */
export function changedParameters(given: Readonly<Record<string, ParameterValue>>, method: MaskingMethod | undefined): Record<string, ParameterValue> {
  const known = method?.parameters ?? [];
  return Object.fromEntries(
    known.flatMap(({ name, default: usual }) => {
      const value = given[name];
      return value === undefined || value === usual ? [] : [[name, value] as const];
    }),
  );
}

/** What hinders saving, by input. */
export function isComplete(form: MaskingForm, taken: ReadonlySet<string>): boolean {
  return CODE.test(form.code) && !taken.has(form.code) && (form.zh.trim() !== "" || form.en.trim() !== "") && form.method !== "";
}
