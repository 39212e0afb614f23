import { describe, expect, it } from "vitest";

import type { Language } from "../../shared/texts";
import { offersAt } from "./offers";
import { spotAt } from "./spot";
import { catalogue, words } from "./testing";

function offered(marked: string, language: Language = "en", type = "patient") {
  const cursor = marked.indexOf("|");
  return offersAt(spotAt(marked.replace("|", ""), cursor, words, catalogue, type), words, language);
}
const inserts = (marked: string, language: Language = "en", type = "patient") => offered(marked, language, type).map(({ insert }) => insert);

describe("fields", () => {
  it("are found by code and by name, and inserted as the reader calls them", () => {
    expect(inserts("[ag|")[0]).toBe("[age]");
    expect(inserts("年|", "zh-CN")[0]).toBe("[年龄]");
    expect(inserts("年|", "en")[0]).toBe("[age]");
    expect(offered("[ag|", "zh-CN")[0]).toMatchObject({ label: "age", detail: "年龄 · 岁" });
  });

  it("keep their code where two have the same name", () => {
    expect(inserts("[备|", "zh-CN")).toEqual(expect.arrayContaining(["[note]", "[remark]"]));
  });

  it("of related records come first within a quantifier, then those around it", () => {
    expect(inserts("any([lesion], [|")[0]).toBe("[size]");
    expect(inserts("any([lesion], [ag|")).toEqual(["[age]", "[patient.age]"]);
  });

  it("of what lies above related records come next, by their own name", () => {
    expect(inserts("any([lesion], [|").slice(0, 4)).toEqual(["[size]", "[side]", "[age]", "[day]"]);
    expect(offered("any([lesion], [da|")[0]).toMatchObject({ insert: "[day]", detail: "day \u00b7 Examination" });
    expect(inserts("any([lesion], [检查日|", "zh-CN")[0]).toBe("[检查日期]");
  });

  it("of the rule's own record are its own, also where related records lie below others of its kind", () => {
    expect(inserts("any([lesion], [da|", "en", "exam")).toEqual(["[day]"]);
    expect(inserts("any([exam], any([lesion], [da|")).toEqual(["[day]"]);
  });

  it("of an ancestor are reached by their own name", () => {
    expect(inserts("[sex|", "en", "lesion")[0]).toBe("[sex]");
    expect(offered("[sex|", "en", "lesion")[0]?.detail).toBe("sex · Patient");
  });

  it("follow the records they are named with", () => {
    expect(inserts("max([lesion.s|")).toEqual(["[lesion.size]", "[lesion.side]"]);
    expect(inserts("最大值([检查.病灶.大|", "zh-CN")).toEqual(["[检查.病灶.大小]"]);
    expect(inserts("max([exam.|", "en")).toEqual(expect.arrayContaining(["[exam.day]", "[exam.lesion]"]));
  });

  it("give way to record types as a quantifier's first argument", () => {
    expect(inserts("any([|").slice(0, 2)).toEqual(["[exam]", "[lesion]"]);
    expect(inserts("任一([病|", "zh-CN")[0]).toBe("[病灶]");
    expect(inserts("any([exam], any([|")[0]).toBe("[lesion]");
    expect(inserts("any([lesion], any([|")).toContain("[exam]");
  });
});

describe("choices", () => {
  it("are offered by code with their names, found by either", () => {
    expect(offered("[sex] = |").map(({ label, detail }) => `${label} ${detail}`)).toEqual(["'1' male", "'2' female"]);
    expect(inserts("[性别] = '女|", "zh-CN")).toEqual(["'2'"]);
    expect(inserts("[sex] in ('1', |")).toEqual(["'1'", "'2'"]);
  });

  it("of a boolean are its words in the reader's language", () => {
    expect(inserts("[smoker] = |", "zh-CN")).toEqual(["真 ", "假 "]);
  });
});

describe("words", () => {
  it("come in the language that is being typed", () => {
    expect(inserts("[age] 大|", "en")).toEqual(["> ", ">= "]);
    expect(inserts("[age] > 3 an|", "zh-CN")[0]).toBe("and ");
    expect(inserts("[sex] 属|", "en")).toContain("属于 ()");
    expect(inserts("[age] |", "zh-CN")).toContain("且 ");
  });

  it("behind a number are units, too", () => {
    expect(inserts("today() - 3 mo|")).toContain("months ");
    expect(inserts("今天() - 3个|", "zh-CN")).toContain("个月 ");
    expect(inserts("[age] mo|")).not.toContain("months ");
  });

  it("are not offered where a value is due", () => {
    expect(inserts("[age] > 3 and an|", "en")).not.toContain("and ");
    expect(inserts("n|", "en")).toContain("not ");
  });
});

describe("functions", () => {
  it("have the cursor between their brackets, unless they take nothing", () => {
    expect(offered("roun|")[0]).toMatchObject({ insert: "round()", cursor: 6, label: "round(number, [digits])", detail: "四舍五入" });
    expect(offered("四舍|", "en")[0]).toMatchObject({ insert: "四舍五入()", label: "四舍五入(number, [digits])" });
    expect(offered("toda|")[0]?.cursor).toBeUndefined();
  });
});
