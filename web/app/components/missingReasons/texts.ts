/** Why a value is missing: the usual reasons in words; a database's own codes speak for themselves. */

import { defineTexts, type Label } from "../../../shared/texts";

const REASONS = defineTexts({
  unknown: { zh: "不详", en: "Unknown" },
  refused: { zh: "拒绝回答", en: "Refused" },
  not_done: { zh: "未做", en: "Not done" },
  not_applicable: { zh: "不适用", en: "Not applicable" },
  not_asked: { zh: "未询问", en: "Not asked" },
  lost: { zh: "资料丢失", en: "Lost" },
});

export function missingReason(code: string): Label {
  const known: Readonly<Record<string, Label>> = REASONS;
  return Object.hasOwn(known, code) ? (known[code] as Label) : { zh: code, en: code };
}
