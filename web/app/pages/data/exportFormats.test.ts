/** The formats of an export. */

import { describe, expect, it } from "vitest";

import { choiceNote, choicesChosen, EXPORT_FORMATS, type ExportFormat } from "./exportFormats";

describe("export formats", () => {
  const asked = (Object.keys(EXPORT_FORMATS) as ExportFormat[]).filter(choicesChosen);

  it("ask for labels or codes only where the file would not hold both", () => {
    expect(asked).toEqual(["xlsx", "csv", "rdata", "parquet"]);
  });

  it("say where the labels are otherwise", () => {
    expect(choiceNote("sav")).toBe("codesWithLabels");
    expect(choiceNote("xpt")).toBe("codesForScript");
  });
});
