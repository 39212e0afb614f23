/** Who grants sees the pages as another user does: the same rows and masks, nothing to change, one click back. */

import { expect } from "vitest";

import { add, clinic, closed, field } from "../harness/databases.ts";
import { edit, fill, says, typed } from "../harness/form.ts";
import { becomes, gone, journey, lonelyJourney, seen } from "../harness/journey.ts";

const NAME = "司马青云";

journey("A research administrator looks as a researcher, can change nothing, and comes back", async (stage) => {
  const designer = await stage.api("designer");
  await closed(designer, clinic("viewed", "视角演练库", [field("full_name", "全名", "string", { identifying: true })]));
  await add(designer, "viewed", "patient", { number: "V1", full_name: NAME, sex: "1" });
  await add(designer, "viewed", "patient", { number: "V2", full_name: NAME, sex: "2" });
  const person = await stage.newPerson("被看的人", "researcher");
  const { user } = await person.get<{ user: { id: number } }>("/session");
  await designer.post("/access/grants", {
    subject: { kind: "user", value: String(user.id) }, resource: "viewed", actions: ["view", "edit"],
    where: "[patient.sex] = '2'", grade: 2, reason: "演练",
  });
  stage.allowed.statuses.add(403);

  const page = await stage.visit("designer", "/databases/viewed/data/patient");
  await seen(page.getByRole("gridcell").filter({ hasText: NAME }));
  await page.goto(`${stage.origin}/access/matrix?database=viewed`);
  await (await seen(page.getByRole("gridcell").filter({ hasText: "被看的人" }))).click();
  await page.getByRole("dialog").getByRole("button", { name: "以此用户查看" }).click();
  const bar = page.getByRole("status").filter({ hasText: "正在以 被看的人 的视角查看" });
  await seen(bar);
  await becomes(() => page.getByRole("link", { name: "字段与规则" }).count(), 0); // the researcher has no such page

  await page.goto(`${stage.origin}/databases/viewed/data/patient`);
  await seen(page.getByRole("gridcell").filter({ hasText: "V2" }));
  await seen(bar); // over a load of the page, too
  expect(await page.getByRole("gridcell").filter({ hasText: "V1" }).count()).toBe(0);
  expect(await page.content()).not.toContain(NAME);
  await stage.look();

  await edit(page, "V2"); // offered, as to the researcher
  await fill(page, "体重", "61");
  await page.getByRole("button", { name: "保存 1 项修改" }).click();
  await says(page, "以他人视角查看时不能作任何修改");
  expect(await typed(page, "体重")).toBe("61"); // refused, not lost
  const { items } = await designer.get<{ items: { values: { weight?: unknown } }[] }>("/databases/viewed/records/patient");
  expect(items.map(({ values }) => values.weight ?? null)).toEqual([null, null]);

  await page.getByRole("button", { name: "结束" }).click();
  await page.waitForURL(/\/access\/matrix\?database=viewed/);
  await gone(bar);
  await page.goto(`${stage.origin}/databases/viewed/data/patient`);
  await seen(page.getByRole("gridcell").filter({ hasText: NAME }));
});

lonelyJourney("A view ends with the login", async (stage) => {
  const page = await stage.visit("designer", "/access/matrix");
  await (await seen(page.getByRole("gridcell").filter({ hasText: "阅览者" }))).click();
  await page.getByRole("dialog").getByRole("button", { name: "以此用户查看" }).click();
  await seen(page.getByText("正在以 阅览者 的视角查看"));
  await page.getByRole("button", { name: "用户菜单" }).click();
  await page.getByText("退出登录").click();
  await page.waitForURL(/\/login/);
  await page.fill("#login-name", "designer");
  await page.fill("#login-password", await stage.password("designer"));
  await page.keyboard.press("Enter");
  await seen(page.getByRole("link", { name: "字段与规则" }));
  expect(await page.getByText("的视角查看").count()).toBe(0);
});
