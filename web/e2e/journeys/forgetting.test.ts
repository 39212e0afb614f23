/** A patient asks to be forgotten: found, looked at, confirmed, and named nowhere any more. */

import { expect } from "vitest";

import { add, clinic, closed, field } from "../harness/databases.ts";
import { journey, seen } from "../harness/journey.ts";

const NAME = "司徒远山";

journey("A research administrator forgets a patient, with a reason and the phrase, and reads the proof", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("erased", "遗忘演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "erased", "patient", { number: "F1", full_name: NAME, height: 171 });
  await designer.post("/databases/erased/filters", { name: "一位患者", record_type: "patient", where: `[full_name] = '${NAME}'` });
  stage.allowed.statuses.add(404);

  const page = await stage.visit("designer", "/access/forgetting");
  await page.locator(".el-select", { has: page.getByLabel("病种库") }).click();
  await page.getByRole("option", { name: "遗忘演练库" }).click();
  await page.getByLabel("患者编号").fill("F9");
  await page.getByRole("button", { name: "查看影响" }).click();
  await seen(page.getByText("没有找到"));
  await page.getByLabel("患者编号").fill("F1");
  await page.getByRole("button", { name: "查看影响" }).click();
  await seen(page.getByText("将销毁的身份信息"));
  await seen(page.getByText("已存筛选和队列：删除并通知保存者"));
  await stage.look();

  const act = page.getByRole("button", { name: "永久遗忘该患者" });
  const phrase = page.getByLabel(/请输入 遗忘 \d+ 予以确认/);
  await page.getByLabel("原因").fill("患者书面要求");
  expect(await act.isDisabled()).toBe(true);
  const typed = (await page.content()).match(/遗忘 \d+/)?.[0] ?? "";
  await phrase.fill(typed);
  await act.click();
  await seen(page.getByText("已遗忘", { exact: true }));
  await seen(page.getByText("复查：现存身份信息 0 项，标识 0 个，其他位置 0 处"));
  await stage.look();

  await page.getByRole("link", { name: "查看记录" }).click();
  await seen(page.getByText("171"));
  expect(await page.content()).not.toContain(NAME);
});
