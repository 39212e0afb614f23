/** The grid of a database: keys, order, filter, the record beside it, its file. */

import { readFile } from "node:fs/promises";

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { drawer } from "../harness/form.ts";
import { becomes, gone, journey, seen } from "../harness/journey.ts";

const PATIENTS = "/databases/lung_nodule/data/patient";
const rows = (page: Page) => page.getByRole("row");

journey("Arrows move in the grid, Enter opens the record, Escape gives the keys back", async (stage) => {
  const page = await stage.visit("researcher", PATIENTS);
  await seen(page.getByRole("gridcell"));
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await seen(drawer(page).getByRole("heading", { name: "患者" }));
  await stage.look();
  const first = await drawer(page).getByRole("heading").first().textContent();

  await page.keyboard.press("Escape");
  await gone(drawer(page));
  await grid.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await seen(drawer(page).getByRole("heading", { name: "患者" }));
  expect(await drawer(page).getByRole("heading").first().textContent()).not.toBe(first);
});

journey("An address with an open record can be sent to a colleague", async (stage) => {
  const page = await stage.visit("designer", PATIENTS);
  await (await seen(page.getByRole("gridcell"))).dblclick();
  await seen(drawer(page).getByRole("heading", { name: "患者" }));
  const { pathname, search } = new URL(page.url());
  const title = await drawer(page).getByRole("heading").first().textContent();

  const colleague = await stage.visit("researcher", pathname + search);
  await seen(drawer(colleague).getByRole("heading", { name: title ?? "" }));
});

journey("A column's head sorts by it, and once more the other way round", async (stage) => {
  const page = await stage.visit("researcher", PATIENTS);
  await seen(page.getByRole("gridcell"));
  const head = page.getByRole("columnheader").filter({ hasText: "患者编号" });
  const top = async () => (await rows(page).nth(1).getByRole("gridcell").first().textContent())?.trim();

  await head.getByRole("button").click();
  await becomes(top, "LN00001");
  await head.getByRole("button").click();
  await becomes(async () => (await head.getAttribute("aria-sort")), "descending");
  await becomes(async () => (await top()) !== "LN00001", true);
});

journey("A reader sees no name, and neither does the file", async (stage) => {
  const page = await stage.visit("reader", PATIENTS);
  await seen(page.getByRole("gridcell"));
  await seen(page.locator(".masked"));
  await becomes(() => page.getByRole("button", { name: /新增/ }).count(), 0);
});

journey("The filtered records become a file with labels in Chinese", async (stage) => {
  const page = await stage.visit("designer", `${PATIENTS}?where=${encodeURIComponent("[sex] = '2'")}`);
  await seen(page.getByRole("gridcell"));
  await page.getByRole("button", { name: "导出…" }).click();
  const dialog = page.getByRole("dialog", { name: /导出/ });
  await dialog.getByText("CSV", { exact: true }).click();
  await stage.look();
  await dialog.getByRole("button", { name: /^导出 \d+ 个字段/ }).click();
  const link = await seen(dialog.getByRole("link", { name: "下载结果" }));
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);

  const text = (await readFile(await download.path(), "utf8")).replace(/^\uFEFF/, "");
  const [head = "", ...lines] = text.trim().split(/\r?\n/);
  expect(head).toContain("患者编号");
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.every((line) => line.includes("女"))).toBe(true);
});
