/** How long until a page can be read: with a fresh profile, and again. Median of five. */

import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, inject, test } from "vitest";

import { Caller } from "../harness/caller.ts";
import { launch } from "../harness/chromium.ts";
import { passwords } from "../harness/instance.ts";
import { median, tell } from "./support/figures.ts";

const TIMES = 5;
const PAGES = [
  { name: "reference: an answer of the server as text", path: "/healthz", drawn: "body", signedIn: false },
  { name: "login", path: "/login", drawn: "#login-password", signedIn: false },
  { name: "home", path: "/", drawn: ".home .database, .home .rows a", signedIn: true },
  { name: "records", path: "/databases/lung_nodule/data/patient", drawn: "[role=gridcell]", signedIn: true },
];

let browser: Browser;
let caller: Caller;

beforeAll(async () => {
  browser = await launch();
  caller = await Caller.signIn(inject("origin"), "researcher", (await passwords(inject("home"))).researcher);
});

afterAll(() => browser.close());

/** Milliseconds from the navigation's start to the first frame in which `drawn` is there. */
async function open(context: BrowserContext, path: string, drawn: string): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript((selector) => {
    const look = () => {
      if (document.querySelector(selector)) (window as { drawnAt?: number }).drawnAt = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, drawn);
  await page.goto(inject("origin") + path);
  const taken = await page.waitForFunction(() => (window as { drawnAt?: number }).drawnAt, undefined, { polling: 20 });
  const at = Number(await taken.jsonValue());
  await page.close();
  return at;
}

async function profile(signedIn: boolean): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN" });
  if (signedIn) await context.addCookies([{ ...caller.cookie, url: inject("origin") }]);
  return context;
}

for (const { name, path, drawn, signedIn } of PAGES) {
  test(name, async () => {
    const cold: number[] = [];
    const warm: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const context = await profile(signedIn);
      cold.push(await open(context, path, drawn));
      warm.push(await open(context, path, drawn));
      await context.close();
    }
    tell("page can be read", { page: name, cold_ms: Math.round(median(cold)), warm_ms: Math.round(median(warm)) });
  });
}
