/** The columns of the fields' table. */

import type { FieldDocument } from "../../../../shared/api/types";
import type { GridColumn } from "../../../grid/columns";
import { texts } from "../texts";
import { cellText, type Column } from "./cells";

const column = (code: Column, label: GridColumn<FieldDocument>["label"], width: number, more: Partial<GridColumn<FieldDocument>> = {}) => ({
  code, label, width, value: (field: FieldDocument) => cellText(field, code), ...more,
});

export const COLUMNS: readonly GridColumn<FieldDocument>[] = [
  column("code", texts.code, 170, { pinned: true }),
  column("zh", texts.nameZh, 170),
  column("en", texts.nameEn, 170),
  column("type", texts.type, 120),
  column("unit", texts.unit, 76),
  column("required", texts.required, 64),
  column("choices", texts.choices, 130),
  column("range", texts.range, 130),
  column("identifying", texts.identifying, 76),
  column("logic", texts.logic, 84),
  column("problems", texts.problems, 84),
];
