/** How sensitive records are: graded one by one and together, unseen by who is not cleared, told why and by whom. */

import { expect } from "vitest";

import { add, clinic, closed } from "../harness/databases.ts";
import { becomes, gone, journey, seen } from "../harness/journey.ts";

journey("Records are graded, vanish for who is not cleared, and come back", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("graded", "分级演练库"));
  for (const number of ["D1", "D2", "D3"]) await add(designer, "graded", "patient", { number });
  const person = await stage.newPerson("普通读者", "reader");
  const { user } = await person.get<{ user: { id: number } }>("/session");
  await designer.post("/access/grants", { subject: { kind: "user", value: String(user.id) }, resource: "graded", actions: ["view"], reason: "演练" });
  const reading = async () => (await person.get<{ count: number }>("/databases/graded/records/patient/count")).count;
  expect(await reading()).toBe(3);

  const page = await stage.visit("designer", "/databases/graded/data/patient");
  await page.getByRole("button", { name: "批量分级" }).click();
  for (const number of ["D1", "D2"]) await page.getByRole("row").filter({ hasText: number }).locator(".el-checkbox").click();
  await seen(page.getByText("已选 2 条"));
  await page.getByRole("button", { name: "设置分级" }).click();
  const many = page.getByRole("dialog", { name: "设置 2 条记录的检查分级" });
  await many.getByText("敏感", { exact: true }).click();
  await many.getByLabel("理由").fill("涉及公众人物");
  await stage.look();
  await many.getByRole("button", { name: "将 2 条设为“敏感”" }).click();
  await seen(page.getByText("已分级 2 条"));
  expect(await reading()).toBe(1);
  await page.getByRole("button", { name: "退出批量分级" }).click();

  await page.getByRole("button", { name: /^D1/ }).click();
  const drawer = page.locator(".right-drawer:visible");
  await drawer.getByRole("tab", { name: "检查分级" }).click();
  await seen(drawer.getByText("只有授权达到“敏感”的用户能看到这条记录"));
  await seen(drawer.getByText("涉及公众人物"));
  await drawer.getByRole("button", { name: "设置分级" }).click();
  const one = page.getByRole("dialog", { name: /的检查分级$/ });
  await one.getByText("普通", { exact: true }).click();
  await one.getByLabel("理由").fill("复核后不涉及");
  await one.getByRole("button", { name: "设为“普通”" }).click();
  await seen(drawer.getByText("普通级别：凡有查看授权的用户都能看到这条记录。"));
  await seen(drawer.getByText("复核后不涉及"));
  await becomes(reading, 2);
  await gone(one);

  await drawer.getByRole("link", { name: "谁能看到" }).click();
  await seen(page.getByRole("heading", { name: "能看到“普通”的用户" }));
  await seen(page.getByRole("gridcell").filter({ hasText: "普通读者" }));
  await page.getByRole("button", { name: /^敏感/ }).click();
  await seen(page.getByRole("heading", { name: "能看到“敏感”的用户" }));
  await gone(page.getByRole("gridcell").filter({ hasText: "普通读者" }));
  await stage.look();
});
