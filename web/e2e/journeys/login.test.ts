/** Coming in, going out, changing places: login, password, language, addresses. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { command } from "../harness/instance.ts";
import { becomes, gone, journey, seen } from "../harness/journey.ts";

const pathOf = (url: string) => new URL(url).pathname;

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("用户名").fill(name);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

journey("An address that was sent opens after the login", async (stage) => {
  const page = await stage.visit(null, "/databases/lung_nodule/data/patient");
  await page.getByLabel("用户名").fill("researcher");
  await page.getByLabel("密码", { exact: true }).fill(await stage.password("researcher"));
  await stage.look();
  await page.keyboard.press("Enter");

  await seen(page.getByRole("grid"));
  expect(pathOf(page.url())).toBe("/databases/lung_nodule/data/patient");
});

journey("A wrong password is told, and the name stays", async (stage) => {
  stage.allowed.statuses.add(401);
  const page = await stage.visit(null, "/");
  await page.getByLabel("用户名").fill("reader");
  await page.getByLabel("密码", { exact: true }).fill("not it at all");
  await page.getByRole("button", { name: "登录" }).click();

  await seen(page.getByRole("alert").filter({ hasText: "用户名或密码错误" }));
  expect(await page.getByLabel("用户名").inputValue()).toBe("reader");
  expect(await page.getByLabel("密码", { exact: true }).inputValue()).toBe("");
});

journey("After signing out the old cookie opens nothing", async (stage) => {
  stage.allowed.statuses.add(401);
  const page = await stage.visit("reader", "/");
  await seen(page.getByRole("heading", { name: "我的病种库" }));
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: "用户菜单" }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await seen(page.getByLabel("用户名"));

  await page.context().addCookies(cookies);
  await page.goto(`${stage.origin}/databases`);
  await seen(page.getByLabel("用户名"));
  const answer = await page.context().request.get(`${stage.origin}/api/v1/databases`);
  expect(answer.status()).toBe(401);
});

journey("Another user who takes over lands on the same page", async (stage) => {
  const page = await stage.visit("reader", "/databases");
  await seen(page.getByRole("grid"));
  await page.getByRole("button", { name: "用户菜单" }).click();
  await page.getByRole("menuitem", { name: "切换用户" }).click();
  await page.getByLabel("用户名").fill("designer");
  await page.getByLabel("密码", { exact: true }).fill(await stage.password("designer"));
  await page.keyboard.press("Enter");

  await seen(page.getByRole("grid"));
  expect(pathOf(page.url())).toBe("/databases");
  await seen(page.getByRole("button", { name: "用户菜单" }).filter({ hasText: "科研管理员" }));
});

journey("A one-time password must be changed before anything else", async (stage) => {
  const { one_time_password: password } = JSON.parse(await command(stage.home, "users", "add", "zhou.lan", "--role", "researcher", "--display-name", "周兰", "--json")) as { one_time_password: string };
  const page = await stage.visit(null, "/databases");
  await page.getByLabel("用户名").fill("zhou.lan");
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
  await seen(page.getByText("您使用的是一次性密码"));
  await page.goto(`${stage.origin}/databases`);
  await seen(page.getByText("您使用的是一次性密码"));
  await stage.look();

  await page.getByLabel("当前密码").fill(password);
  await page.getByLabel("新密码", { exact: true }).fill("Quiet-Harbour-82");
  await page.getByLabel("再次输入新密码").fill("Quiet-Harbour-82");
  await page.getByRole("button", { name: "保存新密码" }).click();
  await seen(page.getByRole("button", { name: "用户菜单" }).filter({ hasText: "周兰" }));
});

journey("The language changes at once, without a reload, and is remembered for the user", async (stage) => {
  const person = await stage.newPerson("lin.yi", "reader");
  const page = await stage.visit(person, "/databases", { language: "en" });
  await seen(page.getByRole("heading", { name: "Databases" }));
  await page.getByRole("button", { name: "中文" }).click();
  await seen(page.getByRole("heading", { name: "病种库" }));
  await page.reload();
  await seen(page.getByRole("heading", { name: "病种库" }));
  await stage.settled(page);

  const elsewhere = await stage.visit(person, "/databases", { language: "en" });
  await seen(elsewhere.getByRole("heading", { name: "病种库" }));
});

journey("A page that is not there says so and leads home", async (stage) => {
  const page = await stage.visit("reader", "/nowhere/at/all");
  await seen(page.getByText("页面不存在"));
  await stage.look();
  await page.getByText("回到工作台").click();
  await becomes(async () => pathOf(page.url()), "/");
});

journey("Ctrl-K finds a field by its Chinese name", async (stage) => {
  const page = await stage.visit("researcher", "/");
  await seen(page.getByRole("heading", { name: "我的病种库" }));
  await page.keyboard.press("Control+K");
  await page.keyboard.type("肺结节");
  await seen(page.getByRole("option").filter({ hasText: "肺结节" }));
  await stage.look();
  await page.keyboard.press("Enter");
  await gone(page.getByRole("option"));
  await becomes(async () => page.url().includes("lung_nodule"), true);
});

journey("After signing in one is told of the time before, and of what failed since then", async (stage) => {
  stage.allowed.statuses.add(401);
  await stage.newPerson("tan.wei", "reader");
  const page = await stage.visit(null, "/databases");
  await signIn(page, "tan.wei", "not it at all");
  await seen(page.getByRole("alert").filter({ hasText: "用户名或密码错误" }));
  await signIn(page, "tan.wei", "Quiet-Harbour-82");

  const line = page.getByRole("status").filter({ hasText: "上次登录：" });
  await seen(line.filter({ hasText: "之后有 1 次登录失败" }));
  await stage.look();
  await page.getByRole("link", { name: "工作台" }).first().click();
  await seen(line); // until it was read
  await line.getByRole("button", { name: "查看登录设备" }).click();
  await seen(page.getByRole("heading", { name: "登录设备" }));
  await gone(line);
});

journey("One's other logins are listed and ended", async (stage) => {
  stage.allowed.statuses.add(401);
  await stage.newPerson("何清", "reader"); // two logins of a script
  const [page, other] = [await stage.visit(null, "/logins"), await stage.visit(null, "/databases")];
  await signIn(other, "何清", "Quiet-Harbour-82");
  await seen(other.getByRole("grid"));
  await signIn(page, "何清", "Quiet-Harbour-82");
  const rows = page.getByRole("row").filter({ hasText: "127.0.0.1" });
  await becomes(() => rows.count(), 4);
  await seen(rows.filter({ hasText: "本机" }));
  await stage.look();

  await rows.filter({ hasNotText: "本机" }).first().getByRole("button").click();
  await becomes(() => rows.count(), 3);
  await page.getByRole("button", { name: "退出其他 2 台设备" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "退出其他 2 台设备" }).click();
  await becomes(() => rows.count(), 1);

  await other.reload();
  await seen(other.getByLabel("用户名"));
});
