/** The formats that records are exported in, by the name that people know them by. */

export const EXPORT_FORMATS = {
  xlsx: "Excel",
  csv: "CSV",
  sav: "SPSS",
  dta: "Stata",
  xpt: "SAS",
  rdata: "R",
  parquet: "Parquet",
} as const;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** Whether choices can be written as labels or as codes; SPSS, Stata and SAS have codes and label them. */
export function choicesChosen(format: ExportFormat): boolean {
  return !["sav", "dta", "xpt"].includes(format);
}

/** Whether the labels of choices come in the import script: SAS keeps them outside the file of data. */
export function labelsInScript(format: ExportFormat): boolean {
  return format === "xpt";
}

/** How the formats that have codes hold the labels of choices. */
export function choiceNote(format: ExportFormat): "codesWithLabels" | "codesForScript" {
  return labelsInScript(format) ? "codesForScript" : "codesWithLabels";
}
