/** The hospital administrator lets people in: one by one, in batch, by rules; and keeps them out. */

import { resolve } from "node:path";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { becomes, gone, journey, seen } from "../harness/journey.ts";
import { totp } from "../harness/totp.ts";

const NEW_PASSWORD = "Quiet-Harbour-82";
const FILES = resolve(import.meta.dirname, "../files");

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("用户名").fill(name);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

async function openUser(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder("用户名、姓名或完整手机号").fill(name);
  await (await seen(page.getByRole("gridcell").filter({ hasText: name }))).click();
  await seen(page.getByRole("dialog").filter({ hasText: "权限" }));
}

journey("A new user gets a one-time password that is shown once, and signs in with it", async (stage) => {
  stage.allowed.statuses.add(401);
  const page = await stage.visit("admin", "/users");
  await page.getByRole("button", { name: "新建用户" }).click();
  const drawer = page.getByRole("dialog", { name: "新建用户" });
  await drawer.getByLabel("用户名").fill("孙月");
  await drawer.getByLabel("姓名").fill("孙月");
  await drawer.locator(".el-select", { has: page.getByLabel("角色") }).click();
  await page.getByRole("option", { name: "阅览者" }).click();
  await drawer.getByLabel("手机号").fill("138 0000 9999");
  await stage.look();
  await drawer.getByRole("button", { name: "建立用户" }).click();

  const shown = page.getByRole("dialog", { name: "孙月 的一次性密码" });
  const password = (await shown.locator("code").nth(1).textContent()) ?? "";
  expect(password).toMatch(/^\w{4}(-\w{4}){3}$/);
  await page.keyboard.press("Escape"); // no stray key loses it
  await seen(shown);
  await shown.getByRole("button", { name: "已记下，关闭" }).click();
  await gone(shown);
  await seen(page.getByText("138****9999"));
  expect(await page.content()).not.toContain(password);

  const theirs = await stage.visit(null, "/");
  await signIn(theirs, "孙月", password);
  await seen(theirs.getByText("您使用的是一次性密码"));
});

journey("A disabled user is out at once", async (stage) => {
  stage.allowed.statuses.add(401);
  const person = await stage.newPerson("钱进", "reader");
  const theirs = await stage.visit(person, "/databases");
  await seen(theirs.getByRole("grid"));
  const page = await stage.visit("admin", "/users");
  await openUser(page, "钱进");
  await page.getByRole("button", { name: "停用" }).click();
  await page.getByRole("dialog", { name: "停用 钱进？" }).getByRole("button", { name: "停用" }).click();
  await seen(page.getByRole("dialog").getByText("已停用"));

  await theirs.reload();
  await seen(theirs.getByLabel("用户名"));
  await signIn(theirs, "钱进", NEW_PASSWORD);
  await seen(theirs.getByRole("alert").filter({ hasText: "用户名或密码错误" }));
});

journey("Five failures lock, the administrator is told and unlocks", async (stage) => {
  for (const status of [401, 429]) stage.allowed.statuses.add(status);
  await stage.newPerson("冯宇", "reader");
  const theirs = await stage.visit(null, "/");
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await signIn(theirs, "冯宇", `wrong ${attempt}`);
    await becomes(() => theirs.getByLabel("密码", { exact: true }).inputValue(), "");
  }
  await signIn(theirs, "冯宇", NEW_PASSWORD);
  await seen(theirs.getByRole("alert").filter({ hasText: "登录失败次数过多" }));

  const page = await stage.visit("admin", "/users");
  await openUser(page, "冯宇");
  await seen(page.getByRole("dialog").getByText("已锁定"));
  await page.getByRole("button", { name: "通知" }).click();
  await seen(page.getByText("用户 冯宇 连续登录失败 5 次"));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "解除锁定" }).click();
  await gone(page.getByRole("button", { name: "解除锁定" }));
  await signIn(theirs, "冯宇", NEW_PASSWORD);
  await seen(theirs.getByRole("button", { name: "用户菜单" }));
});

journey("Users come from a workbook: mistakes are told by row, then all are made and their passwords fetched once", async (stage) => {
  const admin = await stage.api("admin");
  await admin.post("/account-templates", { name: "进修医生", role: "reader", language: "zh", valid_days: 180 });
  const page = await stage.visit("admin", "/users/batch");
  await page.locator("input[type=file]").setInputFiles(`${FILES}/users-with-mistakes.xlsx`);
  await seen(page.getByText("2 行有问题"));
  expect(await page.getByRole("button", { name: "建立 3 位用户" }).isDisabled()).toBe(true);
  await stage.look();

  await page.locator("input[type=file]").setInputFiles(`${FILES}/users.xlsx`);
  await seen(page.getByText("3 行都可以建立"));
  await page.getByRole("button", { name: "建立 3 位用户" }).click();
  await seen(page.getByText("已建立 3 位用户"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载一次性密码" }).click()]);
  expect(download.suggestedFilename()).toBe("一次性密码.xlsx");
  await seen(page.getByText("一次性密码文件已下载"));
  const { items } = await admin.get<{ items: { name: string; expires_at: string | null }[] }>("/users?search=he.lin");
  expect(items.map(({ name, expires_at }) => [name, expires_at !== null])).toEqual([["he.lin", true]]);
}, 120);

journey("A device is bound, and the password alone opens nothing any more", async (stage) => {
  stage.allowed.statuses.add(401);
  stage.allowed.words = new Set(["FreeOTP"]);
  const person = await stage.newPerson("江涛", "reader");
  const page = await stage.visit(person, "/second-factor");
  await page.getByRole("button", { name: "绑定动态口令" }).click();
  await page.getByLabel("当前密码").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "下一步" }).click();
  await seen(page.getByAltText("动态口令的二维码"));
  const secret = (await page.locator(".key code").textContent())?.trim() ?? "";
  await stage.look();
  await page.getByLabel("扫描后显示的 6 位数字").fill(totp(secret));
  await page.getByRole("button", { name: "确认绑定" }).click();
  await becomes(() => page.locator(".codes li").count(), 10);
  const recovery = (await page.locator(".codes code").first().textContent()) ?? "";
  await page.getByRole("button", { name: "已保存好，继续" }).click();
  await seen(page.getByText("已启用"));

  const elsewhere = await stage.visit(null, "/databases");
  await signIn(elsewhere, "江涛", NEW_PASSWORD);
  await elsewhere.getByLabel("动态口令").fill("000000");
  await elsewhere.keyboard.press("Enter");
  await seen(elsewhere.getByRole("alert").filter({ hasText: "动态口令错误" }));
  await elsewhere.getByLabel("动态口令").fill(recovery);
  await elsewhere.keyboard.press("Enter");
  await seen(elsewhere.getByRole("grid"));
});

journey("The policy of accounts is changed, holds at the next password, and is changed back", async (stage) => {
  const page = await stage.visit("security", "/users/policy");
  await page.getByLabel("最少字符数").fill("12");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "保存账号策略" }).click();
  await seen(page.getByText("账号策略已保存"));
  const theirs = await stage.visit("reader", "/password");
  await seen(theirs.getByText("至少 12 个字符"));
  await (await stage.api("security")).patch("/account-policy", { min_length: 10 });
});

journey("Who may not manage users sees no such pages", async (stage) => {
  stage.allowed.statuses.add(403);
  const page = await stage.visit("researcher", "/users");
  await seen(page.getByText("没有权限查看"));
  expect(await page.getByRole("navigation", { name: "主菜单" }).getByText("用户").count()).toBe(0);
});

journey("An administrator ends all logins of a user, who may sign in again", async (stage) => {
  stage.allowed.statuses.add(401);
  const person = await stage.newPerson("方舟", "reader");
  const theirs = await stage.visit(person, "/databases");
  await seen(theirs.getByRole("grid"));
  const page = await stage.visit("admin", "/users");
  await openUser(page, "方舟");
  await stage.look();
  await page.getByRole("button", { name: "退出所有登录" }).click();
  await page.getByRole("dialog", { name: "退出 方舟 的所有登录？" }).getByRole("button", { name: "退出所有登录" }).click();
  await seen(page.getByText("当前没有登录"));

  await theirs.reload();
  await seen(theirs.getByLabel("用户名"));
  await signIn(theirs, "方舟", NEW_PASSWORD);
  await seen(theirs.getByRole("grid"));
});
