/** The trail: found, narrowed by a click, read in words, exported; who reached a patient; and that nobody altered it. */

import { readFile } from "node:fs/promises";

import { expect } from "vitest";

import { add, clinic, closed, field } from "../harness/databases.ts";
import { becomes, gone, journey, seen } from "../harness/journey.ts";

const NAME = "端木听雪";
const NUMBER = "MR-77310";

journey("An auditor finds what was done, reads it in words, and takes it along as a file", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("traced", "审计演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "traced", "patient", { number: "T1", full_name: NAME });
  await designer.get("/databases/traced/records/patient");
  stage.allowed.words = new Set(["traced"]);

  const page = await stage.visit("auditor", "/audit?resource=traced");
  const rows = page.getByRole("gridcell").filter({ hasText: "审计演练库 · 患者" });
  await seen(rows);
  expect(await page.content()).not.toContain(NAME);

  const acts = page.getByRole("button", { name: /^查看身份信息/ });
  await (await seen(acts)).click();
  await page.waitForURL(/action=read/);
  await (await seen(rows)).click();
  const drawer = page.getByRole("dialog");
  await seen(drawer.getByText("全名")); // the field by its label, never its value
  await seen(drawer.getByText("科研管理员"));
  expect(await page.content()).not.toContain(NAME);
  await stage.look();
  const address = page.url();
  expect(address).toMatch(/open=\d+/);

  await page.keyboard.press("ArrowDown"); // the grid has the keyboard, the drawer follows
  await page.keyboard.press("Escape");
  await gone(drawer);
  await page.goto(address);
  await seen(drawer.getByText("全名"));
  await drawer.getByRole("button", { name: "查看这次请求的全部操作" }).click();
  await page.waitForURL(/request_id=/);
  await seen(rows);

  await page.goto(`${stage.origin}/audit?resource=traced`);
  await page.getByRole("button", { name: "导出" }).click();
  const dialog = page.getByRole("dialog", { name: "导出审计记录" });
  await dialog.getByText("CSV", { exact: true }).click();
  await dialog.getByRole("button", { name: "开始导出" }).click();
  const download = page.waitForEvent("download");
  await (await seen(dialog.getByRole("link", { name: "下载结果" }))).click();
  const file = await readFile(await (await download).path(), "utf8");
  expect(file).toContain("traced.patient");
  expect(file).not.toContain(NAME);
  await becomes(async () => (await (await stage.api("auditor")).get<{ items: unknown[] }>("/audit?kind=audit&action=export&order=newest")).items.length > 0, true);
});

journey("An auditor sees who reached a patient, found by an identifier that is not shown again", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("reached", "访问演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "reached", "patient", { number: NUMBER, full_name: NAME });
  await designer.get("/databases/reached/records/patient");
  stage.allowed.words = new Set(["reached"]);

  const page = await stage.visit("auditor", "/audit/patients");
  await page.getByText("证件号、病历号等", { exact: true }).click();
  await page.getByLabel("证件号、病历号等").last().fill("NOBODY-1");
  await page.getByRole("button", { name: "查看报告" }).click();
  await seen(page.getByText("没有患者使用这个号码"));
  await stage.look();
  await page.getByLabel("证件号、病历号等").last().fill(NUMBER);
  await page.getByRole("button", { name: "查看报告" }).click();
  await page.waitForURL(/\/audit\/patients\/\d+/);
  await seen(page.getByRole("button", { name: "科研管理员" }));
  await seen(page.getByRole("gridcell").filter({ hasText: "访问演练库 · 患者" }));
  expect(await page.content()).not.toContain(NUMBER);
  await page.getByRole("button", { name: "科研管理员" }).click();
  await page.waitForURL(/subject=designer/);
});

journey("An auditor proves that nothing was altered", async (stage) => {
  const page = await stage.visit("auditor", "/audit/integrity");
  await (await seen(page.getByRole("button", { name: "立即核验" }))).click();
  await seen(page.getByText("完整", { exact: true }));
  await seen(page.getByText(/核验了 [\d,]+ 条/));
});

journey("Nobody else finds the trail", async (stage) => {
  stage.allowed.statuses.add(403);
  const page = await stage.visit("researcher", "/audit");
  await seen(page.getByText("没有权限查看"));
  expect(await page.getByRole("link", { name: "审计" }).count()).toBe(0);
});
