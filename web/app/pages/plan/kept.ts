/** What stays of the values that an operation concerns, and how to get them back. */

import type { Operation } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";
import { texts } from "./texts";

const BY_KIND: Readonly<Record<string, Label>> = { drop_field: texts.keptField, drop_record_type: texts.keptType, convert_field: texts.keptConverted };
const BY_PROPERTY: Readonly<Record<string, Label>> = {
  required: texts.keptMissing,
  required_if: texts.keptMissing,
  identifying: texts.keptClear,
};

export function keptBy({ kind, property }: Operation): Label {
  return BY_KIND[kind] ?? BY_PROPERTY[property ?? ""] ?? texts.keptValues;
}
