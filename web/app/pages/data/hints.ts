/** What helps someone fill in a field: its help, its range, when it applies. */

import type { Field } from "../../../shared/api/types";
import { labelText, useTexts } from "../../language";
import { texts } from "./texts";

export function hintOf(field: Field): string {
  const text = useTexts(texts);
  const parts = [
    labelText(field.help),
    rangeOf(field),
    field.shown_if && text("shownIf", { rule: field.shown_if }),
    field.required_if && text("requiredIf", { rule: field.required_if }),
    field.calculation && text("calculated", { rule: field.calculation }),
  ];
  return parts.filter(Boolean).join(" · ");
}

function rangeOf({ minimum, maximum }: Field): string {
  const text = useTexts(texts);
  const [low, high] = [boundOf(minimum), boundOf(maximum)];
  if (low !== null && high !== null) return text("range", { low, high });
  if (low !== null) return text("atLeast", { low });
  return high === null ? "" : text("atMost", { high });
}

/** A bound as it is read; the rule language's words for the present are said in words. */
function boundOf(bound: number | string | null): number | string | null {
  const text = useTexts(texts);
  return bound === "today" || bound === "now" ? text(bound) : bound;
}
