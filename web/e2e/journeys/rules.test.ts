/** Rules are written with help: completion, a mistake with what was meant, the other language, functions, each step. */

import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

import { add, clinic, field, live } from "../harness/databases.ts";
import { becomes, journey, seen, type Stage } from "../harness/journey.ts";

const line = (page: Page): Locator => page.getByRole("textbox", { name: "筛选条件" });
const option = (page: Page, text: string | RegExp): Locator => page.getByRole("option").filter({ hasText: text });
const textOf = async (editor: Locator) => ((await editor.textContent()) ?? "").trim();
const whereOf = (page: Page) => new URL(page.url()).searchParams.get("where") ?? "";
const choose = async (page: Page, act: string) => {
  await page.getByRole("button", { name: "规则工具" }).last().click();
  await page.getByRole("menuitem", { name: act }).click();
};

/** Two men and a woman; the second man has no weight. */
async function withPatients(stage: Stage, code: string): Promise<number[]> {
  const designer = await stage.api("designer");
  await live(designer, clinic(code, "规则门诊", [field("bmi", "体质指数", "calculated", { options: { result: "number" }, calculation: "[weight] / ([height] / 100) ^ 2" })]));
  const people = [{ sex: "1", height: 170, weight: 70 }, { sex: "1", height: 180 }, { sex: "2", height: 160, weight: 50 }];
  const ids: number[] = [];
  for (const [i, values] of people.entries()) ids.push(await add(designer, code, "patient", { number: `R-${i + 1}`, ...values }));
  return ids;
}

journey("A filter written by choosing: field, choice and word, without leaving the keyboard", async (stage) => {
  await withPatients(stage, "rule_keys");
  const page = await stage.visit("researcher", "/databases/rule_keys/data/patient");
  await line(page).click();
  await page.keyboard.type("[性");
  await seen(option(page, "性别"));
  await page.keyboard.press("Enter");
  await becomes(() => textOf(line(page)), "[性别]");
  await page.keyboard.type(" = ");
  await seen(option(page, "女"));
  await stage.look();
  await page.keyboard.type("男");
  await becomes(() => page.getByRole("option").count(), 1);
  await page.keyboard.press("Enter");
  await becomes(() => textOf(line(page)), "[性别] = '1'");
  await page.keyboard.press("Enter");
  await seen(page.getByText("共 2 行"));
  expect(whereOf(page)).toBe("[性别] = '1'");
});

journey("A misspelt field is marked, and one click puts the right one in", async (stage) => {
  await withPatients(stage, "rule_fix");
  const page = await stage.visit("researcher", "/databases/rule_fix/data/patient");
  await line(page).fill("[heigth] >= 165 and [sex] = '1'");
  await seen(page.getByText("此处没有字段 [heigth]"));
  expect(await line(page).getAttribute("aria-invalid")).toBe("true");
  await stage.look();
  await page.getByRole("button", { name: "改为 [height]" }).click();
  await becomes(() => textOf(line(page)), "[height] >= 165 and [sex] = '1'");
  await becomes(() => line(page).getAttribute("aria-invalid"), "false");
  await page.keyboard.press("Enter");
  await seen(page.getByText("共 2 行"));
});

journey("A calculation is written over the draft, in Chinese and back, with a function looked up", async (stage) => {
  await withPatients(stage, "rule_draft");
  const page = await stage.visit("designer", "/databases/rule_draft/structure?field=patient.bmi", { size: { width: 1920, height: 1080 } });
  const rule = page.getByRole("textbox", { name: "计算规则" });
  if (!(await rule.isVisible())) await page.getByRole("button", { name: "逻辑" }).click();
  await rule.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await rule.fill("round([wight], 1)");
  await seen(page.getByText("此处没有字段 [wight]"));
  await page.getByRole("button", { name: "改为 [weight]" }).click();
  await choose(page, "整理规则，词语用中文");
  await becomes(() => textOf(rule), "四舍五入([weight], 1)");
  await choose(page, "整理规则，词语用英文");
  await becomes(() => textOf(rule), "round([weight], 1)");
  await rule.press("ControlOrMeta+a");
  await choose(page, "查看并插入函数");
  await page.getByRole("textbox", { name: "按名称或用途查找" }).fill("平方根");
  await stage.look();
  await page.getByRole("button", { name: /平方根\(/ }).click();
  await becomes(() => textOf(rule), "平方根()");
  const designer = await stage.api("designer");
  await page.keyboard.type("[weight]");
  await becomes(async () => {
    const draft = await designer.get<{ document: { record_types: { fields: { code: string; calculation?: string }[] }[] } }>("/databases/rule_draft/draft");
    return draft.document.record_types[0]?.fields.find(({ code }) => code === "bmi")?.calculation;
  }, "平方根([weight])");
});

journey("A rule is explained on a record: what each part gives, and which missing field leaves it open", async (stage) => {
  await withPatients(stage, "rule_steps");
  const page = await stage.visit("researcher", "/databases/rule_steps/data/patient");
  await line(page).fill("[height] > 175 and [weight] > 60");
  await choose(page, "在一条记录上逐步求值");
  const panel = page.getByRole("dialog", { name: "逐步求值" });
  const step = (text: string) => panel.getByRole("listitem").filter({ has: page.getByText(text, { exact: true }) });
  await panel.getByRole("combobox", { name: "选择一条记录" }).fill("R-2");
  await option(page, "R-2").click();
  await seen(step("[height] > 175").getByText("真"));
  await seen(step("[weight] > 60").getByText("未知"));
  await seen(step("[height] > 175 and [weight] > 60").getByText("因为缺失 [weight]"));
  await seen(step("[height]").getByText("180"));
  await stage.look();
  await panel.getByRole("combobox", { name: "选择一条记录" }).fill("R-1");
  await option(page, "R-1").click();
  await seen(step("[height] > 175 and [weight] > 60").getByText("假"));
});
