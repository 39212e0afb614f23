import { describe, expect, it } from "vitest";

import type { Picked } from "./picked";
import { codeFault, codeFrom, propose } from "./proposal";

const holding = (name: string, content: string | Uint8Array<ArrayBuffer>): Picked => ({ file: new File([content], name), name });

describe("what a definition may be called", () => {
  it("is the study's own name in a project file", async () => {
    const xml = "<ODM><StudyName>Trial &amp; follow-up</StudyName></ODM>";

    expect(await propose([holding("dictionary.csv", ""), holding("project.xml", xml)])).toMatchObject({
      code: "trial_follow_up", name: "Trial & follow-up", format: "redcapXml",
    });
  });

  it("is what a YAML says of itself, in quotes or not", async () => {
    const yaml = 'kind: field_library\ncode: "imaging"\nlabel:\n  zh: 影像字段\n  en: Imaging\nfields:\n- code: other\n';

    expect(await propose([holding("a.yaml", yaml)])).toMatchObject({ code: "imaging", name: "影像字段", kind: "field_library" });
  });

  it("is the folder's name where the file is called dictionary", async () => {
    expect(await propose([holding("checkboxes-1/dictionary.csv", "")])).toMatchObject({ code: "checkboxes_1", format: "redcapCsv" });
  });

  it("is ISARIC's where its library is among the files", async () => {
    expect(await propose([holding("x/ARC.csv", ""), holding("x/a.yaml", "")])).toMatchObject({ code: "isaric_arc", format: "arc" });
  });

  it("is read from UTF-16 as well", async () => {
    const text = "code: heart\n";
    const bytes = new Uint8Array([0xff, 0xfe, ...[...text].flatMap((letter) => [letter.charCodeAt(0), 0])]);

    expect((await propose([holding("a.yml", bytes)])).code).toBe("heart");
  });

  it("is left to the person where nothing tells", async () => {
    expect(await propose([holding("photo.png", "")])).toMatchObject({ code: "", name: "", format: "unknown" });
  });
});

describe("a code", () => {
  it("is made of letters, digits and underscores, with a letter first", () => {
    expect(["REDCapR: longitudinal", "2026 肺结节 Lung", "肺结节", "a".repeat(80)].map(codeFrom)).toEqual([
      "redcapr_longitudinal", "lung", "", "a".repeat(63),
    ]);
  });

  it("that is wrong says why", () => {
    expect(["", "Lung", "1a", "a b", "a".repeat(64), "lung_2"].map(codeFault)).toEqual([
      "missing", "pattern", "pattern", "pattern", "long", null,
    ]);
  });
});
