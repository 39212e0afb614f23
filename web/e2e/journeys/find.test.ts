/** A researcher finds records: by text, by groups of conditions, by a saved filter; and brings rows in from a file. */

import { readFile } from "node:fs/promises";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { clinic, live } from "../harness/databases.ts";
import { becomes, journey, seen, type Stage } from "../harness/journey.ts";

const pathOf = (code: string) => `/databases/${code}/data/patient`;
const whereOf = (page: Page) => new URL(page.url()).searchParams.get("where") ?? "";
const panel = (page: Page) => page.getByRole("region", { name: "条件组" });

/** Twenty patients: every second a woman, 150 to 169 cm. */
async function withPatients(stage: Stage, code: string): Promise<void> {
  const designer = await stage.api("designer");
  await live(designer, clinic(code, "筛选门诊"));
  const records = Array.from({ length: 20 }, (_, i) => ({ values: { number: `F-${i + 10}`, name: `患者${i}`, sex: String((i % 2) + 1), height: 150 + i } }));
  await designer.post(`/databases/${code}/records/patient/bulk`, { records });
}

journey("A filter as text: the mistake is shown where it is, the right one counts", async (stage) => {
  stage.allowed.statuses.add(422);
  await withPatients(stage, "as_text");
  const page = await stage.visit("researcher", pathOf("as_text"));
  const line = page.getByRole("textbox", { name: "筛选条件" });
  await line.fill("[heigth] > 160");
  await seen(page.getByRole("button", { name: "改为 [height]" }));
  await line.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  await line.fill("[height] >= 160");
  await page.keyboard.press("Enter");
  await seen(page.getByText("共 10 行"));
  expect(whereOf(page)).toBe("[height] >= 160");
});

journey("The same filter as groups of conditions, built by choosing", async (stage) => {
  await withPatients(stage, "as_groups");
  const page = await stage.visit("researcher", `${pathOf("as_groups")}?where=${encodeURIComponent("[height] >= 160")}`);
  await seen(page.getByText("共 10 行"));
  await page.getByRole("button", { name: "条件组" }).click();
  await seen(panel(page).getByText("符合 10 条"));
  await stage.look();

  await panel(page).getByRole("button", { name: "条件", exact: true }).first().click();
  await panel(page).getByRole("combobox", { name: "字段" }).last().click();
  await page.getByRole("option").filter({ hasText: "性别" }).first().click();
  await panel(page).getByRole("combobox", { name: "值" }).last().click();
  await page.getByRole("option", { name: "女", exact: true }).last().click();
  await seen(panel(page).getByText("符合 5 条"));
  await stage.look();
  await panel(page).getByRole("button", { name: /^显示 5 条|^应用筛选/ }).click();
  await seen(page.getByText("共 5 行"));
  expect(whereOf(page)).toContain("[sex]");
  expect(await page.getByRole("textbox", { name: "筛选条件" }).textContent()).toContain("[height] >= 160");
});

journey("A saved filter is shared with a colleague, who applies it", async (stage) => {
  await withPatients(stage, "saved_one");
  const page = await stage.visit("researcher", `${pathOf("saved_one")}?where=${encodeURIComponent("[height] >= 165")}`);
  await seen(page.getByText("共 5 行"));
  await page.getByRole("button", { name: "已存筛选" }).click();
  await page.getByRole("button", { name: "保存当前筛选…" }).click();
  await page.getByLabel("名称", { exact: true }).fill("高个子");
  await page.getByText("与能查看这些记录的人共享").click();
  await stage.look();
  await page.getByRole("button", { name: "保存筛选" }).click();
  await seen(page.getByText("已保存筛选“高个子”"));

  const colleague = await stage.visit("reader", pathOf("saved_one"));
  await seen(colleague.getByText("共 20 行"));
  await colleague.getByRole("button", { name: "已存筛选" }).click();
  await colleague.getByRole("button").filter({ hasText: "高个子" }).click();
  await seen(colleague.getByText("共 5 行"));
});

journey("Rows from a file: what does not fit is named, the rest is stored", async (stage) => {
  await live(await stage.api("designer"), clinic("from_file", "导入门诊"));
  const page = await stage.visit("researcher", pathOf("from_file"));
  await page.getByRole("button", { name: "导入…" }).click();
  const dialog = page.getByRole("dialog", { name: /导入/ });
  const text = "number,name,sex,height\nI-1,张三,1,170\nI-2,李四,2,9999\nI-3,王五,2,165\n";
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), dialog.getByRole("button", { name: "选择文件" }).click()]);
  await chooser.setFiles({ name: "患者 <b>名单</b>.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await stage.look();
  await dialog.locator(".el-button--primary").click();
  await seen(dialog.getByText("9999"));
  await stage.look();
  await dialog.locator(".el-button--primary").click();
  await becomes(async () => (await (await stage.api("designer")).get<{ count: number }>("/databases/from_file/records/patient/count")).count, 2);
  await dialog.getByRole("button", { name: "关闭" }).last().click();
  await seen(page.getByRole("gridcell").filter({ hasText: "I-3" }));
});

journey("An Excel file with codes", async (stage) => {
  await withPatients(stage, "as_excel");
  const page = await stage.visit("designer", pathOf("as_excel"));
  await seen(page.getByRole("gridcell"));
  await page.getByRole("button", { name: "导出…" }).click();
  const dialog = page.getByRole("dialog", { name: /导出/ });
  await dialog.getByText("代码", { exact: true }).click();
  await dialog.getByRole("button", { name: /^导出 \d+ 个字段/ }).click();
  const link = await seen(dialog.getByRole("link", { name: "下载结果" }));
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
  expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe("PK");
});
