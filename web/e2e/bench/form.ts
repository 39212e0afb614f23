/**
 * A form of 300 fields: from the click to the first frame in which all of them are there (median of five), and, with
 * 60 skips, 60 calculations and 60 checks that all depend on one field, from a keystroke there until nothing moves.
 */

import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";

import { field, type FieldOf, live, words } from "../harness/databases.ts";
import { place } from "../harness/form.ts";
import { seen, Stage } from "../harness/journey.ts";
import { median, tell } from "./support/figures.ts";
import { type Keystroke, spentOn, watchKeys } from "./support/keys.ts";

const FIELDS = 300;
const RULES = 60; // of each kind
const KEYS = 30;
const TYPES = ["string", "integer", "decimal", "date", "boolean", "choice"];
const SET = { label: words("程度"), choices: ["无", "轻", "中", "重"].map((label, i) => ({ code: String(i), label: words(label) })) };

function documentOf(code: string, fields: FieldOf[]): Record<string, unknown> {
  const number = field("number", "编号", "string", { required: true });
  const patient = { code: "patient", label: words("患者"), parent: null, key: "number", fields: [number, ...fields] };
  return { kind: "database", code, label: words("三百字段"), category: "personal", value_sets: { degree: SET }, forms: [], record_types: [patient] };
}

function plain(i: number): FieldOf {
  const type = TYPES[i % TYPES.length] ?? "string";
  return field(`f${i}`, `字段 ${i + 1}`, type, type === "choice" ? { value_set: "degree" } : {});
}

/** The first is typed into; then come calculations that feed each other, checked values, and fields that are skipped. */
function ruled(i: number): FieldOf {
  const [label, turn] = [`字段 ${i + 1}`, i % RULES];
  if (i === 0) return field("f0", label, "integer");
  if (i <= RULES) return field(`f${i}`, label, "calculated", { calculation: `round([f${i - 1}] * 1.01 + [f0] / ${i}, 2)` });
  if (i <= 2 * RULES) {
    const check = { expression: `[f0] + [f${turn + 1}] < ${turn * 30}`, message: words("太大"), severity: "warning" };
    return field(`f${i}`, label, "integer", { checks: [check] });
  }
  return i <= 3 * RULES ? { ...plain(i), shown_if: `[f0] > ${turn} and [f0] < ${turn * 100}` } : plain(i);
}

/** Whether the last field is there, in the page or in the form's frame. */
async function drawn(page: Page): Promise<boolean> {
  const counts = await Promise.all(page.frames().map((frame) => frame.locator("label").filter({ hasText: `字段 ${FIELDS - 1}` }).count()));
  return counts.some((count) => count > 0);
}

/** A new record's form; the milliseconds until it was there. */
async function opened(stage: Stage, code: string): Promise<[Page, number]> {
  const page = await stage.visit("researcher", `/databases/${code}/data/patient`);
  await seen(page.getByRole("button", { name: "新增患者" }));
  await stage.settled(page);
  const begun = Date.now();
  await page.getByRole("button", { name: "新增患者" }).click();
  await expect.poll(() => drawn(page), { timeout: 30_000, interval: 10 }).toBe(true);
  return [page, Date.now() - begun];
}

test("form of 300 fields", { timeout: 180_000 }, async () => {
  const stage = new Stage(inject("origin"), inject("home"));
  await live(await stage.api("designer"), documentOf("bench_form", Array.from({ length: FIELDS - 1 }, (_, i) => plain(i))));
  const spent: number[] = [];
  for (let i = 0; i < 5; i++) {
    const [page, ms] = await opened(stage, "bench_form");
    spent.push(ms);
    await page.close();
  }
  tell("form of 300 fields", { opens_ms: median(spent), all_ms: spent });
  await stage.close();
});

test("keystroke in a form of 300 fields with rules", { timeout: 180_000 }, async () => {
  const stage = new Stage(inject("origin"), inject("home"));
  await live(await stage.api("designer"), documentOf("bench_rules", Array.from({ length: FIELDS - 1 }, (_, i) => ruled(i))));
  const [page] = await opened(stage, "bench_rules");
  await stage.settled(page);
  const frame = page.frames().find((each) => each.url().endsWith("/form.html"));
  if (!frame) throw new Error("The form is in no frame.");
  await place(page, "字段 1").first().locator("input").first().click();
  await page.context().tracing.stop(); // it takes a picture of the page after each key, at ten times the cost of the key
  await watchKeys(frame);
  const keys: Keystroke[] = [];
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press(i % 6 < 3 ? String(1 + (i % 9)) : "Backspace");
    await page.waitForTimeout(250); // less than the pause after which the server is asked
    keys.push(...(await spentOn(frame)));
  }
  const ms = keys.map(({ settled }) => settled);
  expect(ms.length).toBe(KEYS);
  expect(Math.min(...keys.map(({ moves }) => moves))).toBeGreaterThanOrEqual(RULES); // every key moves all calculated values
  tell("keystroke in a form of 300 fields", { rules: 3 * RULES, median_ms: median(ms), worst_ms: Math.max(...ms), all_ms: ms });
  await stage.close();
});
