// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";

import { setLanguage } from "../../language";
import { actName, detailLines, kindName, objectName, outcomeName, purposeName, userName, wayName } from "./words";

const WORDS = {
  actions: [{ action: "read", kind: "records", label: { zh: "读取身份信息", en: "Read identities" } }],
  kinds: [{ kind: "records", label: { zh: "记录", en: "records" } }],
};

beforeEach(() => setLanguage("zh-CN"));

describe("an entry in words", () => {
  it("names acts and kinds as the server does, and shows a code that it does not name", () => {
    expect([actName(WORDS, "read"), kindName(WORDS, "records")]).toEqual(["读取身份信息", "记录"]);
    expect([actName(WORDS, "teleport"), kindName(WORDS, "ships")]).toEqual(["teleport", "ships"]);
  });

  it("names outcomes and ways out; a strange one stays as it is", () => {
    expect([outcomeName("denied"), wayName("export"), outcomeName("toString")]).toEqual(["被拒绝", "导出", "toString"]);
  });

  it("says who by the display name, or that it was the platform itself", () => {
    expect(userName({ subject_name: "wang.min", subject_display: "王敏" })).toBe("王敏");
    expect(userName({ subject_name: "system", subject_display: "" })).toBe("系统");
    expect(userName({ subject_name: "operator:root", subject_display: "" })).toBe("命令行（root）");
  });

  it("says what by its label or its code, and nothing where the kind says it all", () => {
    expect(objectName({ resource: "lung.patient", resource_label: { zh: "肺结节 · 患者", en: "" } })).toBe("肺结节 · 患者");
    expect(objectName({ resource: "lung.patient", resource_label: null })).toBe("lung.patient");
    expect(objectName({ resource: "", resource_label: null })).toBe("");
  });
});

describe("why", () => {
  it("is as it was given, or the job that did it", () => {
    expect([purposeName({ purpose: "随访" }), purposeName({ purpose: "job 12" }), purposeName({ purpose: "" })]).toEqual(["随访", "任务 12", ""]);
  });
});

describe("what else it tells", () => {
  it("is said line by line, with words where there are some", () => {
    expect(detailLines({ count: 12345, shared: true, roles: ["reader", "researcher"], strange: { a: 1 }, plan: null })).toEqual([
      { key: "count", name: "数量", value: "12,345" },
      { key: "shared", name: "与他人共享", value: "是" },
      { key: "roles", name: "角色", value: "reader, researcher" },
      { key: "strange", name: undefined, value: '{"a":1}' },
    ]);
    expect(detailLines(null)).toEqual([]);
  });

  it("of many records are the first ones and how many there are", () => {
    const [line] = detailLines({ ids: Array.from({ length: 600 }, (_, i) => i + 1) });
    expect(line?.value).toMatch(/^1, 2, .*, 20 … \(600\)$/);
  });
});
