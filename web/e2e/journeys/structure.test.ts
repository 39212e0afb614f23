/** Shaping a database: many fields at once, mistakes, two at work on one draft, and all of it by keyboard. */

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

import type { Draft, FieldDocument } from "../../shared/api/types";
import type { Caller } from "../harness/caller.ts";
import { add, change, clinic, live } from "../harness/databases.ts";
import { becomes, gone, journey, seen, type Stage } from "../harness/journey.ts";

interface Shaping {
  page: Page;
  designer: Caller;
  /** The fields of patients as they are stored. */
  fields(): Promise<FieldDocument[]>;
}

/** A clinic of the test's own, opened where it is shaped. */
async function shaping(stage: Stage, code: string): Promise<Shaping> {
  const designer = await stage.api("designer");
  await live(designer, clinic(code, "结构试验"));
  const page = await stage.visit("designer", `/databases/${code}/structure`);
  await seen(row(page, "number"));
  const draft = () => designer.get<Draft>(`/databases/${code}/draft`);
  return { page, designer, fields: async () => (await draft()).document.record_types[0]?.fields ?? [] };
}

const row = (page: Page, code: string): Locator => page.getByRole("row").filter({ has: page.locator("code", { hasText: new RegExp(`^${code}$`) }) });
const cell = (page: Page, code: string, column: string): Locator => row(page, code).locator(`[data-column=${column}]`);
const saved = (page: Page): Promise<Locator> => seen(page.getByText("已保存", { exact: true }));
const patient = (field: string, set: object) => ({ edit: "set_field", record_type: "patient", field, set });

/** Write over a cell, and leave it by Enter. */
async function write(page: Page, code: string, column: string, text: string): Promise<void> {
  await cell(page, code, column).click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await page.keyboard.press("Enter");
}

/** One edit of somebody else's, on the draft as it is. */
async function elsewhere(designer: Caller, code: string, edit: object): Promise<void> {
  const { version } = await designer.get<Draft>(`/databases/${code}/draft`);
  await designer.post(`/databases/${code}/draft/edits`, { expected_version: version, edits: [edit] });
}

journey("300 lines of a spreadsheet become fields, those to look at are marked", async (stage) => {
  stage.allowed.words = new Set(["words"]); // of the code that is none
  const { page, fields } = await shaping(stage, "shape_paste");
  const lines = Array.from({ length: 300 }, (_line, i) => `item_${i + 1}\t指标 ${i + 1}\tItem ${i + 1}\t小数\tmm`);
  lines[10] = "two words\t两个词\t\t文本\t";
  lines[20] = "item_21\t指标 21\t\t魔法\t";
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines.join("\n"));

  await cell(page, "note", "code").click();
  await page.keyboard.press("Control+v");
  const dialog = await seen(page.getByRole("dialog").filter({ hasText: "从剪贴板新增字段" }));
  await seen(dialog.getByText("2 行需要看一下"));
  await stage.look();
  await dialog.getByRole("button", { name: "新增 300 个字段" }).click();
  await gone(dialog);
  await saved(page);

  const stored = await fields();
  expect(stored).toHaveLength(306);
  expect(stored[6]).toMatchObject({ code: "item_1", label: { zh: "指标 1", en: "Item 1" }, type: "decimal", unit: "mm" });
  expect(stored[16]).toMatchObject({ label: { zh: "两个词" }, type: "string" });
  expect(stored.every(({ code }) => /^[a-z][a-z0-9_]*$/.test(code))).toBe(true);
});

journey("What can't be is said in the cell and never stored", async (stage) => {
  const { page, fields } = await shaping(stage, "shape_bad");
  const before = await fields();
  const mistakes: [column: string, typed: string, said: RegExp][] = [
    ["code", "two words", /只能用小写字母/],
    ["code", "height", /已被使用/],
    ["code", "", /不能为空/],
    ["zh", "长".repeat(5001), /最多 5,000 个字符/],
    ["unit", "m".repeat(101), /最多 100 个字符/],
  ];
  for (const [column, typed, said] of mistakes) {
    await write(page, "name", column, typed);
    await seen(page.getByRole("alert").filter({ hasText: said }));
    await stage.look();
    await page.keyboard.press("Escape");
    await gone(page.getByRole("alert").filter({ hasText: said }));
  }
  await seen(page.getByText("与已发布版本一致"));
  expect(await fields()).toEqual(before);
});

journey("Two at work on one draft keep what both did", async (stage) => {
  stage.allowed.statuses.add(409); // the second one is told by it
  const { page, designer, fields } = await shaping(stage, "shape_two");
  await elsewhere(designer, "shape_two", patient("name", { label: { zh: "患者姓名" } }));
  await write(page, "height", "unit", "mm");
  await seen(page.getByText("修改了草稿，已合并到您的页面"));
  await saved(page);
  await seen(cell(page, "name", "zh").getByText("患者姓名"));
  const stored = async (code: string) => (await fields()).find((field) => field.code === code);
  expect(await stored("height")).toMatchObject({ unit: "mm" });
  await page.locator(".notices .el-alert__close-btn").click();

  await elsewhere(designer, "shape_two", patient("height", { unit: "m" }));
  await write(page, "height", "unit", "cm");
  await seen(page.getByText("您的 1 项修改没有合并"));
  await stage.look();
  expect(await stored("height")).toMatchObject({ unit: "m" });
  await page.getByRole("button", { name: "仍按我的改" }).click();
  await becomes(async () => (await stored("height"))?.unit, "cm");
});

journey("A release that somebody else publishes stays beneath what one goes on with", async (stage) => {
  stage.allowed.statuses.add(409);
  const { page, designer, fields } = await shaping(stage, "shape_release");
  await write(page, "weight", "unit", "g");
  await saved(page);
  await change(designer, "shape_release", patient("name", { label: { zh: "患者姓名" } }));

  await write(page, "height", "unit", "mm");
  await seen(page.getByText("修改了草稿，已合并到您的页面").or(page.getByText("已保存", { exact: true })));
  await becomes(async () => (await fields()).find(({ code }) => code === "height")?.unit, "mm");
  await saved(page);
  const stored = await fields();
  expect(stored.find(({ code }) => code === "name")?.label?.zh).toBe("患者姓名");
  expect(stored.find(({ code }) => code === "weight")?.unit).toBe("g");
  await seen(cell(page, "name", "zh").getByText("患者姓名"));
});

journey("Several fields are set at once, and the form is looked at before it is published", async (stage) => {
  const { page, fields } = await shaping(stage, "shape_bulk");
  const required = async () => (await fields()).flatMap((field) => (field.required ? [field.code] : []));
  await cell(page, "height", "code").click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.getByRole("button", { name: "属性", exact: true }).click();
  await seen(page.locator(".pane").getByText("2 个字段", { exact: true }));
  await page.locator(".pane .item").filter({ hasText: "必填" }).getByRole("button", { name: "设为是" }).click();
  await becomes(required, ["number", "height", "weight"]);
  await stage.look();
  await cell(page, "note", "code").click();
  await page.keyboard.press("Control+z");
  await becomes(required, ["number"]);
  await page.keyboard.press("Control+Shift+z");
  await becomes(required, ["number", "height", "weight"]);

  await write(page, "note", "zh", "随访备注");
  await saved(page);
  await page.getByRole("button", { name: "预览表单" }).click();
  const form = page.getByRole("dialog").frameLocator("iframe");
  await seen(form.getByText("随访备注"));
  await seen(form.getByText("身高"));
});

journey("A database is shaped without a mouse", async (stage) => {
  const { page, fields } = await shaping(stage, "shape_keys");
  const { keyboard } = page;
  const inTable = () => page.evaluate(() => Boolean(document.activeElement?.closest("[role=grid]")));
  for (let i = 0; i < 60 && !(await inTable()); i++) await keyboard.press("Tab");
  expect(await inTable()).toBe(true);

  await keyboard.press("Insert");
  await keyboard.press("Control+a");
  await keyboard.type("ward");
  await keyboard.press("Tab");
  await keyboard.type("病区");
  await keyboard.press("Enter");
  const codes = async () => (await fields()).map(({ code }) => code);
  await becomes(codes, ["number", "ward", "name", "sex", "height", "weight", "note"]);

  await cell(page, "ward", "code").waitFor();
  await keyboard.press("ArrowUp");
  await keyboard.press("Control+d");
  await keyboard.press("Alt+ArrowDown");
  await becomes(codes, ["number", "ward", "name", "ward_2", "sex", "height", "weight", "note"]);

  await keyboard.press("Delete");
  const dialog = await seen(page.getByRole("dialog"));
  await keyboard.press("Escape");
  await gone(dialog);
  await becomes(inTable, true);
  await keyboard.press("F6");
  const inPane = () => page.evaluate(() => Boolean(document.activeElement?.closest(".pane")));
  await becomes(inPane, true);
  await keyboard.press("F6");
  await becomes(inTable, true);
});

journey("A rule is checked while it is typed", async (stage) => {
  const { page, fields } = await shaping(stage, "shape_rule");
  await cell(page, "weight", "logic").click();
  await page.keyboard.press("Enter");
  const rule = page.getByRole("textbox", { name: "显示条件" });
  await rule.click();
  await page.keyboard.type("[hight] > 100");
  await seen(page.getByText("是否指 [height]"));
  await stage.look();
  for (let i = 0; i < "ight] > 100".length; i++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("e");
  await gone(page.getByText("是否指 [height]"));
  await becomes(async () => (await fields()).find(({ code }) => code === "weight")?.shown_if, "[height] > 100");
});

journey("A removed field comes back with its values", async (stage) => {
  const { page, designer, fields } = await shaping(stage, "shape_back");
  const id = await add(designer, "shape_back", "patient", { number: "1", height: "180" });
  await change(designer, "shape_back", { edit: "remove_field", record_type: "patient", field: "height" });
  await page.reload();
  await seen(row(page, "number"));
  await page.getByRole("button", { name: "更多", exact: true }).click();
  await page.getByRole("menuitem", { name: "找回已移除的字段…" }).click();
  const drawer = await seen(page.getByRole("dialog").filter({ hasText: "找回“患者”的字段" }));
  await seen(drawer.getByText("到第 1 版"));
  await stage.look();
  await drawer.getByRole("button", { name: "找回", exact: true }).click();
  await seen(drawer.getByText("没有可以找回的字段"));
  await page.keyboard.press("Escape");
  await seen(row(page, "height"));
  expect((await fields()).some(({ code }) => code === "height")).toBe(true);

  await change(designer, "shape_back", patient("height", { unit: "mm" }));
  const { values } = await designer.get<{ values: Record<string, unknown> }>(`/databases/shape_back/records/patient/${id}`);
  expect(Number(values.height)).toBe(180);
});
