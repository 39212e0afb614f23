/** A research admin builds a database: from a dictionary to the link that is sent. */

import type { Locator, Page } from "playwright-core";
import { open } from "../harness/databases.ts";
import { becomes, journey, seen, type Stage } from "../harness/journey.ts";
import { DICTIONARY, realData } from "../harness/realdata.ts";

/** Choose `files` on the import page, give the database its code, send; the report is then in sight. */
async function importFiles(page: Page, files: string[], code: string, name: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "选择文件", exact: true }).click()]);
  await chooser.setFiles(files);
  await page.getByLabel("代码").fill(code);
  await page.getByLabel("名称").fill(name);
  await seen(page.getByText("将新建病种库的草稿"));
  await page.getByRole("button", { name: /^导入 \d+ 个文件/ }).click();
  await page.getByRole("tab", { name: /^未带入/ }).waitFor({ timeout: 60_000 });
}

const fieldRow = (page: Page, code: string): Locator => page.getByRole("row").filter({ has: page.locator("code", { hasText: new RegExp(`^${code}$`) }) });

/** Write `text` into a cell of the fields' table by keyboard, as one would in a spreadsheet. */
async function write(page: Page, code: string, column: string, text: string): Promise<void> {
  await fieldRow(page, code).locator(`[data-column=${column}]`).click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

async function chooseField(page: Page, code: string): Promise<void> {
  await fieldRow(page, code).locator("[data-column=code]").click();
}

const saved = (page: Page): Promise<Locator> => seen(page.getByText("已保存", { exact: true }));

async function publishFrom(page: Page): Promise<void> {
  await page.getByRole("button", { name: "查看变更计划" }).click();
  const act = await seen(page.getByRole("button", { name: /^发布 \d+ 项变更|^发布 [\d,]+ 项变更/ }));
  await act.click();
  const dialog = await seen(page.getByRole("dialog").filter({ hasText: /发布第 \d+ 版/ }));
  await dialog.getByRole("button", { name: /^发布/ }).click();
  await page.getByText(/第 \d+ 版已发布/).first().waitFor({ timeout: 60_000 });
}

journey("From a REDCap dictionary to a form that a researcher fills in", async (stage) => {
  stage.allowed.words = new Set(["descriptive", "file", "Baseline", "exam", "Ablation", "Follow"]); // of the file: types, names of forms
  const page = await stage.visit("designer", "/databases");
  await page.getByRole("link", { name: "导入定义" }).or(page.getByRole("button", { name: "导入定义" })).first().click();
  await importFiles(page, [DICTIONARY], "ablation", "肺消融随访登记");
  await seen(page.getByText("@CHARLIMIT"));
  await stage.look();

  await page.getByRole("link", { name: "结构", exact: true }).click();
  await seen(fieldRow(page, "height"));
  await write(page, "height", "zh", "身高（入院时）");
  await write(page, "height", "unit", "cm");
  await saved(page);
  await stage.look();

  await chooseField(page, "weight");
  await page.keyboard.press("Alt+ArrowUp");
  const order = async () => {
    const codes = await page.getByRole("row").locator("[data-column=code] code").allTextContents();
    return codes.indexOf("weight") < codes.indexOf("height");
  };
  await becomes(order, true);
  await page.keyboard.press("Control+z");
  await becomes(order, false);
  await page.keyboard.press("Control+Shift+z");
  await becomes(order, true);
  await saved(page);

  await page.getByRole("button", { name: "新增字段" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("operator_name");
  await page.keyboard.press("Tab");
  await page.keyboard.type("术者");
  await page.keyboard.press("Enter");
  await saved(page);
  await stage.look();

  await chooseField(page, "power");
  await page.getByRole("button", { name: "属性", exact: true }).click();
  await page.getByLabel("最大值").fill("120");
  await page.keyboard.press("Enter");
  await chooseField(page, "modality");
  await page.getByRole("button", { name: "新增选项" }).click();
  await page.locator(".value-set").getByRole("textbox", { name: "编码" }).last().fill("4");
  await page.locator(".value-set").getByRole("textbox", { name: "中文" }).last().fill("激光");
  await page.keyboard.press("Enter");
  await saved(page);
  await stage.look();

  await publishFrom(page);
  await stage.look();

  await open(await stage.api("designer"), "ablation");
  const link = `/databases/ablation/data`;
  const nurse = await stage.visit("researcher", link);
  await seen(nurse.getByText("还没有记录"));
  await nurse.getByRole("button", { name: /^新增/ }).click();
  const form = nurse.frameLocator(".form-frame iframe");
  await seen(form.getByText("身高（入院时）"));
  await seen(form.getByText("激光"));
  await seen(form.getByText("范围 5 ~ 120"));
});


const ARC = realData("16-registry-forms/isaric-arc");

async function importArc(stage: Stage): Promise<void> {
  const page = await stage.visit("designer", "/databases/import");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "选择文件夹" }).click()]);
  await chooser.setFiles(ARC ?? "");
  await page.getByLabel("代码").fill("arc");
  await page.getByRole("button", { name: /^导入 \d+ 个文件/ }).click();
  await page.getByRole("tab", { name: /^未带入/ }).waitFor({ timeout: 120_000 });
  await page.getByRole("link", { name: "结构", exact: true }).click();
  await seen(page.getByRole("gridcell"));
  await page.getByRole("button", { name: "新增字段" }).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("ward_code");
  await page.keyboard.press("Enter");
  await saved(page);
  await publishFrom(page);
}

if (ARC) {
  journey("ISARIC's ARC: 1,677 fields by the same way", async (stage) => {
    stage.allowed.words = "any"; // its texts are in English
    await importArc(stage);
  }, 240);
} else if (process.env.CI === "true") {
  throw new Error("The real files are required when CI=true; set ZHENSHU_TEST_DATA.");
}
