/** What taking fields away means: for rules that name them, for data, for the key. */

import type { DatabaseDocument, Edit, FieldDocument } from "../../../../shared/api/types";

/** Fields whose rules name one of `codes` of `type`, as "type.field". By the text alone: the server has the last word. */
export function ruleUsers(document: DatabaseDocument, type: string, codes: ReadonlySet<string>): string[] {
  const named = (rule: string, own: boolean) =>
    [...rule.matchAll(/\[([^\]]+)\]/g)].some(([, path]) => {
      const parts = (path ?? "").split(".");
      return codes.has(parts.at(-1) ?? "") && (own || parts.includes(type));
    });
  return document.record_types.flatMap((each) =>
    each.fields
      .filter((field) => !(each.code === type && codes.has(field.code)))
      .filter((field) => rulesOf(field).some((rule) => named(rule, each.code === type)))
      .map((field) => `${each.code}.${field.code}`),
  );
}

function rulesOf({ shown_if, required_if, calculation, checks }: FieldDocument): string[] {
  return [shown_if, required_if, calculation, ...(checks ?? []).map(({ expression }) => expression)].filter((rule) => rule !== undefined);
}

export function removalEdits(type: string, codes: readonly string[], key: string | null | undefined): Edit[] {
  return codes.filter((code) => code !== key).map((field) => ({ edit: "remove_field", record_type: type, field }));
}

export function hidingEdits(type: string, codes: readonly string[]): Edit[] {
  return codes.map((field) => ({ edit: "hide_field", record_type: type, field }));
}
