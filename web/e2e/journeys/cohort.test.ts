/** A researcher selects a cohort: criteria in order with a live funnel, saved, shared, exported, found again. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { clinic, field, live } from "../harness/databases.ts";
import { gone, journey, seen, type Stage } from "../harness/journey.ts";

const pathOf = (code: string) => `/databases/${code}/cohorts`;
const criterion = (page: Page, n: number) => page.getByRole("article", { name: `第 ${n} 条标准` });
const funnel = (page: Page) => page.getByRole("region", { name: "筛选流程" });
const CRITERIA = [{ kind: "include", where: "[height] >= 160", label: { zh: "高个子", en: "Tall" } }, { kind: "exclude", where: "[weight] > 60" }];

/** Twenty patients of 150 to 169 cm and 50 to 69 kg; every fourth was not weighed. */
async function withPatients(stage: Stage, code: string): Promise<void> {
  const designer = await stage.api("designer");
  await live(designer, clinic(code, "队列门诊", [field("ward", "病区", "string", { identifying: true })]));
  const records = Array.from({ length: 20 }, (_, i) => ({
    values: { number: `C-${i + 10}`, sex: String((i % 2) + 1), height: 150 + i, ...(i % 4 !== 0 && { weight: 50 + i }) },
  }));
  await designer.post(`/databases/${code}/records/patient/bulk`, { records });
}

async function condition(page: Page, n: number, name: string, operator: string, value: string): Promise<void> {
  const row = criterion(page, n);
  await row.getByRole("combobox", { name: "字段" }).click();
  await page.getByRole("option").filter({ hasText: name }).first().click();
  await row.locator(".operator").click();
  await page.getByRole("option", { name: operator, exact: true }).last().click();
  await row.getByRole("textbox", { name: "值" }).fill(value);
}

journey("Criteria are counted as they are built, saved, and lead to the records of each step", async (stage) => {
  await withPatients(stage, "cohort_made");
  const page = await stage.visit("researcher", pathOf("cohort_made"));
  await seen(page.getByText("还没有入组队列"));
  await page.getByRole("button", { name: "新建队列" }).first().click();
  await page.getByRole("button", { name: "纳入标准" }).click();
  await condition(page, 1, "身高", "不小于", "160");
  await seen(funnel(page).getByRole("link", { name: "查看这 10 条记录" }));

  await page.getByRole("button", { name: "排除标准" }).click();
  await criterion(page, 2).getByText("文本", { exact: true }).click();
  await criterion(page, 2).getByRole("textbox", { name: "第 2 条标准 条件" }).fill("[weight] > 65");
  await seen(funnel(page).getByText("另有无法判断而留下"));
  await stage.look();

  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("textbox", { name: "名称", exact: true }).fill("高个子随访组");
  await page.getByText("与能查看这些记录的人共享").click();
  await page.getByRole("button", { name: "保存队列" }).click();
  await seen(page.getByText("已保存队列“高个子随访组”"));
  await page.waitForURL(/\/cohorts\/\d+$/);
  await gone(page.getByText("未保存", { exact: true }));

  await funnel(page).getByText("表", { exact: true }).click();
  expect((await funnel(page).getByRole("row").last().innerText()).split(/\s+/).slice(-4)).toEqual(["10", "3", "2", "7"]);
  await funnel(page).getByRole("row").last().getByRole("link", { name: "查看这 2 条记录" }).click();
  await seen(page.getByText("共 2 行"));
  await page.goBack();
  await seen(criterion(page, 2));

  const reader = await stage.visit("reader", pathOf("cohort_made"));
  await reader.getByRole("link", { name: "高个子随访组" }).click();
  await seen(funnel(reader).getByText("队列"));
  await seen(reader.getByRole("button", { name: "另存为…" }));
  expect(await reader.getByRole("button", { name: "保存", exact: true }).count()).toBe(0);
});

journey("The order is changed by keys, a removed criterion comes back, and nothing is left unsaved by mistake", async (stage) => {
  await withPatients(stage, "cohort_order");
  const api = await stage.api("researcher");
  const { id } = await api.post<{ id: number }>("/databases/cohort_order/cohorts", { name: "两条", record_type: "patient", criteria: CRITERIA });
  const page = await stage.visit("researcher", `${pathOf("cohort_order")}/${id}`);
  await seen(funnel(page).getByText("1. 不符合：高个子"));

  await criterion(page, 1).getByRole("button", { name: /高个子/ }).press("Alt+ArrowDown");
  await seen(funnel(page).getByText("2. 不符合：高个子"));
  await criterion(page, 1).getByRole("button", { name: "移除 第 1 条标准" }).click();
  await seen(page.getByText("已移除第 1 条标准"));
  await seen(funnel(page).getByText("1. 不符合：高个子"));
  await page.getByRole("button", { name: "撤销" }).click();
  await seen(funnel(page).getByText("2. 不符合：高个子"));

  await page.getByRole("link", { name: "全部队列" }).click();
  await page.getByRole("button", { name: "继续填写" }).click();
  await page.keyboard.press("Control+s");
  await seen(page.getByText("已保存队列“两条”"));
  const saved = await api.get<{ criteria: { kind: string }[] }>(`/databases/cohort_order/cohorts/${id}`);
  expect(saved.criteria.map(({ kind }) => kind)).toEqual(["exclude", "include"]);
});

journey("The final cohort is exported; a removed one is brought back", async (stage) => {
  await withPatients(stage, "cohort_out");
  const api = await stage.api("researcher");
  const { id } = await api.post<{ id: number }>("/databases/cohort_out/cohorts", { name: "导出组", record_type: "patient", criteria: CRITERIA });
  const page = await stage.visit("researcher", `${pathOf("cohort_out")}/${id}`);
  await seen(funnel(page).getByText("队列"));
  await page.getByRole("button", { name: "导出" }).click();
  const dialog = page.getByRole("dialog", { name: /导出/ });
  await seen(dialog.getByText("3 条"));
  await dialog.getByRole("button", { name: /^导出 \d+ 个字段/ }).click();
  await seen(dialog.getByRole("link", { name: "下载结果" }));
  await dialog.getByRole("button", { name: "关闭" }).last().click();

  await page.getByRole("link", { name: "全部队列" }).click();
  await page.getByRole("button", { name: "移除 导出组" }).click();
  await seen(page.getByText("已移除“导出组”，30 天内可恢复"));
  await stage.look();
  await page.getByRole("button", { name: "撤销" }).click();
  await seen(page.getByRole("link", { name: "导出组" }));
});

journey("What one sees masked is no criterion, and the page says so", async (stage) => {
  await withPatients(stage, "cohort_masked");
  const page = await stage.visit("reader", `${pathOf("cohort_masked")}/new`);
  await page.getByRole("button", { name: "排除标准" }).click();
  await criterion(page, 1).getByText("文本", { exact: true }).click();
  await criterion(page, 1).getByRole("textbox", { name: "第 1 条标准 条件" }).fill("[ward] = '3'");
  await seen(criterion(page, 1).getByText("[ward] 对您是脱敏的，不能用来比较"));
  await seen(criterion(page, 1).getByText("还没填完，未计入"));
  expect(await page.getByRole("button", { name: "保存", exact: true }).isDisabled()).toBe(true);
});
