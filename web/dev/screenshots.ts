/**
 * Pictures of the pages in both languages and sizes, to be opened and looked at; fails on what no page may do:
 * a script error, a blocked resource, an address outside. `node dev/screenshots.ts FOLDER [ORIGIN] [SCENE...]`.
 */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { type BrowserContext, chromium, type Page } from "playwright-core";

const [folder = "screenshots", origin = "http://127.0.0.1:8091", ...only] = process.argv.slice(2);
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const SIZES = [{ width: 1440, height: 900 }, { width: 1920, height: 1080 }];

interface Scene {
  name: string;
  as: string;
  path: string;
  act?: (page: Page) => Promise<unknown>;
}

const press = (...keys: string[]) => async (page: Page) => {
  for (const key of keys) await page.keyboard.press(key);
};

const SCENES: Scene[] = [
  { name: "login", as: "", path: "/databases" },
  { name: "login-wrong", as: "", path: "/login", act: async (page) => {
    await page.fill("#login-name", "wang.min");
    await page.fill("#login-password", "not it");
    await page.keyboard.press("Enter");
  } },
  { name: "password-forced", as: "new", path: "/", act: (page) => page.fill("#password-new", "li.na and some words") },
  { name: "password", as: "admin", path: "/password" },
  { name: "home", as: "admin", path: "/" },
  { name: "home-empty", as: "admin+empty", path: "/" },
  { name: "home-broken", as: "admin+broken", path: "/" },
  { name: "databases", as: "admin", path: "/databases" },
  { name: "databases-open", as: "admin", path: "/databases?open=acute_ischaemic_stroke_thrombectomy" },
  { name: "databases-empty", as: "admin+empty", path: "/databases" },
  { name: "databases-filtered", as: "admin", path: "/databases", act: (page) => page.fill(".find input", "zzz") },
  { name: "databases-broken", as: "admin+broken", path: "/databases" },
  { name: "denied", as: "outsider", path: "/databases" },
  { name: "not-found", as: "admin", path: "/nowhere" },
  { name: "session-ended", as: "admin+ended", path: "/databases" },
  { name: "palette", as: "admin", path: "/", act: async (page) => {
    await page.keyboard.press("Control+K");
    await page.keyboard.type("肌酐", { delay: 30 });
  } },
  { name: "keyboard-help", as: "admin", path: "/", act: press("?") },
  { name: "jobs", as: "admin", path: "/databases", act: (page) => page.click(".top-bar .tool") },
  { name: "user-menu", as: "admin", path: "/", act: (page) => page.click(".top-bar .user") },
  { name: "rail-collapsed", as: "admin", path: "/databases", act: press("Control+B") },
  { name: "connection-lost", as: "admin", path: "/", act: async (page) => {
    await page.route("**/*", (route) => route.abort());
    await page.click(".card header a");
  } },
  { name: "grid", as: "admin", path: "/dev/grid.html" },
  { name: "grid-scrolled", as: "admin", path: "/dev/grid.html", act: async (page) => {
    await page.focus(".scroller");
    await press("Control+End", "PageUp")(page);
    await page.evaluate(() => document.querySelector(".scroller")?.scrollBy(1500, 0));
  } },
];

const faults: string[] = [];

async function shoot(context: BrowserContext, scene: Scene, name: string) {
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|\[Vue warn\]/.test(message.text())) faults.push(`${name}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) faults.push(`${name}: ${request.url()}`);
  });
  await page.goto(origin + scene.path, { waitUntil: "networkidle" });
  await scene.act?.(page);
  await page.waitForTimeout(700); // transitions
  const text = await page.evaluate(() => document.body.innerText);
  if (/undefined|\bnull\b|\[object|NaN/.test(text)) faults.push(`${name}: shows ${/.*(undefined|\bnull\b|\[object|NaN).*/.exec(text)?.[0]}`);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
for (const size of SIZES) {
  for (const language of ["zh-CN", "en"]) {
    for (const scene of SCENES.filter(({ name }) => only.length === 0 || only.includes(name))) {
      const context = await browser.newContext({ viewport: size, locale: language, timezoneId: "Asia/Shanghai" });
      if (scene.as) await context.addCookies([{ name: "scene", value: scene.as, url: origin }]);
      await shoot(context, scene, `${scene.name}-${language}-${size.width}`);
      await context.close();
    }
  }
}
await browser.close();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
