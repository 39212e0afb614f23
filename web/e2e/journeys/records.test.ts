/** A researcher fills in records: nothing typed is lost, whatever happens meanwhile. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { add, change, clinic, field, live } from "../harness/databases.ts";
import { choose, drawer, edit, fill, open, place, says, typed } from "../harness/form.ts";
import { becomes, gone, journey, lonelyJourney, seen, type Stage } from "../harness/journey.ts";

const pathOf = (code: string) => `/databases/${code}/data/patient`;

/** A database of its own with one patient. */
async function withPatient(stage: Stage, code: string): Promise<number> {
  const designer = await stage.api("designer");
  await live(designer, clinic(code, "门诊"));
  return add(designer, code, "patient", { number: "P-001", name: "张三", sex: "1", height: 170 });
}

const save = (page: Page) => page.keyboard.press("Control+s");

journey("A new record: the server's word beside the field, the rest kept, then stored", async (stage) => {
  stage.allowed.statuses.add(422);
  await live(await stage.api("designer"), clinic("new_record", "新记录门诊"));
  const page = await stage.visit("researcher", pathOf("new_record"));
  await seen(page.getByText("还没有记录"));
  await stage.look();
  await page.getByRole("button", { name: "新增患者" }).click();
  await fill(page, "编号", "N-1");
  await choose(page, "性别", "女");
  await fill(page, "身高", "999");
  await fill(page, "体重", "250");
  await save(page);

  await seen(place(page, "身高").locator(".problem.error"));
  expect(await typed(page, "编号")).toBe("N-1");
  expect(await typed(page, "身高")).toBe("999");
  await stage.look();

  await fill(page, "身高", "165.5");
  await save(page);
  await says(page, "体重超过 200 kg，请核对");
  await seen(page.getByRole("gridcell").filter({ hasText: "N-1" }));
});

journey("A change is a revision that says who changed what from what", async (stage) => {
  await withPatient(stage, "revised");
  const page = await stage.visit("researcher", pathOf("revised"));
  await edit(page, "P-001");
  await fill(page, "身高", "171.5");
  await save(page);
  await seen(page.getByText("已保存"));
  await drawer(page).getByRole("tab", { name: "修订" }).click();
  await seen(drawer(page).getByRole("row").filter({ hasText: /身高.*170.*171\.5/ }));
  await seen(drawer(page).locator("strong").filter({ hasText: "researcher" }));
});

journey("Two editors: the second merges, and neither loses anything", async (stage) => {
  stage.allowed.statuses.add(409);
  const id = await withPatient(stage, "merged");
  const mine = await stage.visit("researcher", pathOf("merged"));
  await edit(mine, "P-001");
  await fill(mine, "身高", "180");
  await fill(mine, "备注", "我的备注");

  const theirs = await stage.visit("designer", pathOf("merged"));
  await edit(theirs, "P-001");
  await fill(theirs, "身高", "175");
  await fill(theirs, "姓名", "张三丰");
  await save(theirs);
  await seen(theirs.getByText("已保存"));

  await save(mine);
  const dialog = await seen(mine.getByRole("dialog", { name: "这条记录刚被别人修改过" }));
  await stage.look();
  await dialog.getByRole("radio", { name: /我的/ }).check({ force: true });
  await dialog.getByRole("button", { name: "合并并保存" }).click();
  await seen(mine.getByText("已保存"));
  const { values } = await (await stage.api("designer")).get<{ values: Record<string, unknown> }>(`/databases/merged/records/patient/${id}`);
  expect(values).toMatchObject({ height: 180, name: "张三丰", note: "我的备注" });
});

journey("To the trash with what lies below, and back", async (stage) => {
  const id = await withPatient(stage, "trashed");
  await add(await stage.api("designer"), "trashed", "visit", { on: "2026-03-05", pulse: 70 }, id);
  const page = await stage.visit("designer", pathOf("trashed"));
  await open(page, "P-001");
  await drawer(page).getByRole("button", { name: "移入回收站" }).click();
  const dialog = await seen(page.getByRole("dialog").filter({ hasText: "就诊" }));
  await stage.look();
  await dialog.getByRole("button", { name: "移入回收站" }).click();
  await seen(page.getByText("已将 2 条记录移入回收站"));
  await seen(page.getByText("还没有记录"));

  await page.getByRole("button", { name: "回收站" }).click();
  await open(page, "P-001");
  await drawer(page).getByRole("button", { name: "恢复" }).click();
  await seen(page.getByText("已恢复 2 条记录"));
  await page.getByRole("button", { name: "返回记录" }).click();
  await seen(page.getByRole("gridcell").filter({ hasText: "P-001" }));
});

journey("Leaving what is not saved asks first", async (stage) => {
  await withPatient(stage, "unsaved");
  const page = await stage.visit("researcher", pathOf("unsaved"));
  await edit(page, "P-001");
  await fill(page, "备注", "还没有保存");
  await page.getByRole("link", { name: "工作台" }).first().click();
  await seen(page.getByText("放弃未保存的修改？"));
  await stage.look();
  await page.getByRole("button", { name: "继续填写" }).click();
  expect(await typed(page, "备注")).toBe("还没有保存");
});

journey("On a record's own page: what lies below it alone in a list, to the trash and back", async (stage) => {
  stage.allowed.statuses.add(404); // where the record was before it was moved
  const id = await withPatient(stage, "own_page");
  const designer = await stage.api("designer");
  await add(designer, "own_page", "visit", { on: "2026-03-05", pulse: 70 }, id);
  const other = await add(designer, "own_page", "patient", { number: "P-002", sex: "2" });
  await add(designer, "own_page", "visit", { on: "2026-04-01", pulse: 80 }, other);
  const page = await stage.visit("designer", `${pathOf("own_page")}/${id}`);
  await page.getByRole("tab", { name: "下级记录" }).click();
  await page.getByRole("button", { name: "在表格中查看" }).click();
  await seen(page.getByText("仅看 患者 P-001 下的"));
  await seen(page.getByRole("gridcell").filter({ hasText: "2026-03-05" }));
  expect(await page.getByRole("gridcell").filter({ hasText: "2026-04-01" }).count()).toBe(0);
  await stage.look();
  await page.getByRole("button", { name: "取消，查看全部" }).click();
  await seen(page.getByRole("gridcell").filter({ hasText: "2026-04-01" }));

  await page.goto(`${stage.origin}${pathOf("own_page")}/${id}`);
  await page.getByRole("button", { name: "移入回收站" }).click();
  const dialog = page.getByRole("dialog").filter({ hasText: "就诊 1" });
  await dialog.getByRole("button", { name: "移入回收站" }).click();
  await seen(page.getByText("在回收站中"));
  await page.getByRole("button", { name: "恢复" }).click();
  await seen(page.getByText("已恢复 2 条记录"));
  await seen(page.getByRole("button", { name: "编辑" }));
});

journey("The session ends in mid-form: one password, and the save goes on", async (stage) => {
  stage.allowed.statuses.add(401);
  await withPatient(stage, "ended");
  const page = await stage.visit("researcher", pathOf("ended"));
  await edit(page, "P-001");
  await fill(page, "备注", "写到一半");
  await page.context().clearCookies();
  await save(page);

  const dialog = await seen(page.getByRole("dialog", { name: "登录已过期" }));
  await stage.look();
  await dialog.getByLabel("密码").fill(await stage.password("researcher"));
  await page.keyboard.press("Enter");
  await gone(dialog);
  await seen(page.getByText("已保存"));
  await says(page, "写到一半");
});

journey("Someone publishes while the form is open: what was typed is stored", async (stage) => {
  stage.allowed.statuses.add(409);
  stage.allowed.statuses.add(422);
  await withPatient(stage, "published");
  const page = await stage.visit("researcher", pathOf("published"));
  await edit(page, "P-001");
  await fill(page, "备注", "发布之前写的");
  await change(await stage.api("designer"), "published", { edit: "add_field", record_type: "patient", field: field("smoker", "吸烟", "boolean") });
  await save(page);
  await seen(drawer(page).getByText("病种库刚发布了第 2 版"));
  await says(page, "吸烟");
  expect(await typed(page, "备注")).toBe("发布之前写的");
  await stage.look();
  await save(page);
  await seen(page.getByText("已保存"));
  await page.reload();
  await says(page, "发布之前写的");
  await says(page, "吸烟");
});

journey("A server error keeps what was typed and says what happened", async (stage) => {
  stage.allowed.statuses.add(500);
  await withPatient(stage, "broken");
  const page = await stage.visit("researcher", pathOf("broken"));
  await edit(page, "P-001");
  await fill(page, "备注", "不能丢");
  const answer = { code: "Unexpected", message: "服务器内部错误。未作任何修改。", details: {}, request_id: "0123456789ab" };
  await page.route("**/records/patient/**", (route) => (route.request().method() === "PATCH" ? route.fulfill({ status: 500, json: answer }) : route.fallback()));
  await save(page);
  await seen(drawer(page).getByText("服务器内部错误"));
  await stage.look();
  expect(await typed(page, "备注")).toBe("不能丢");

  await page.unrouteAll();
  await save(page);
  await seen(page.getByText("已保存"));
});

journey("Too much text is refused in words, and stays", async (stage) => {
  stage.allowed.statuses.add(413);
  stage.allowed.statuses.add(422);
  await withPatient(stage, "too_long");
  const page = await stage.visit("researcher", pathOf("too_long"));
  await edit(page, "P-001");
  await fill(page, "姓名", "名".repeat(5_000));
  await save(page);
  await becomes(async () => (await page.getByText("已保存").count()) + (await place(page, "姓名").locator(".problem.error").count()) > 0, true);
  await stage.look();

  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((length) => navigator.clipboard.writeText("长".repeat(length)), 17_000_000); // 51 MB as UTF-8
  await place(page, "备注").locator("textarea").focus();
  await page.keyboard.press("Control+v");
  await becomes(async () => (await typed(page, "备注")).length <= 100_000, true);
  await seen(drawer(page).getByRole("button", { name: "取消" })); // the page still answers
}, 120);

lonelyJourney("The server stops in mid-save and comes back: said calmly, nothing lost", async (stage) => {
  stage.allowed.offline = true;
  await withPatient(stage, "outage");
  const page = await stage.visit("researcher", pathOf("outage"));
  await edit(page, "P-001");
  await fill(page, "备注", "服务器停了");
  await stage.stopServer();
  await save(page);
  await seen(page.getByText("连接中断").first());
  await stage.look();
  expect(await typed(page, "备注")).toBe("服务器停了");

  await stage.startServer();
  await gone(page.locator(".banner"));
  await save(page); // it may be under way already: pressing twice must not save twice
  await seen(page.getByText("已保存"));
  await says(page, "服务器停了");
});
