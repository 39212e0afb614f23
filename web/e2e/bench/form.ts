/** A form of 300 fields: from the click to the first frame in which all of them are there. Median of five. */

import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";

import { field, live, words } from "../harness/databases.ts";
import { seen, Stage } from "../harness/journey.ts";
import { median, tell } from "./support/figures.ts";

const FIELDS = 300;
const CODE = "bench_form";
const TYPES = ["string", "integer", "decimal", "date", "boolean", "choice"];
const SET = { label: words("程度"), choices: ["无", "轻", "中", "重"].map((label, i) => ({ code: String(i), label: words(label) })) };

const DOCUMENT = {
  kind: "database", code: CODE, label: words("三百字段"), category: "personal", value_sets: { degree: SET }, forms: [],
  record_types: [
    {
      code: "patient", label: words("患者"), parent: null, key: "number",
      fields: [
        field("number", "编号", "string", { required: true }),
        ...Array.from({ length: FIELDS - 1 }, (_, i) => {
          const type = TYPES[i % TYPES.length] ?? "string";
          return field(`f${i}`, `字段 ${i + 1}`, type, type === "choice" ? { value_set: "degree" } : {});
        }),
      ],
    },
  ],
};

/** Whether the last field is there, in the page or in the form's frame. */
async function drawn(page: Page): Promise<boolean> {
  const counts = await Promise.all(page.frames().map((frame) => frame.locator("label").filter({ hasText: `字段 ${FIELDS - 1}` }).count()));
  return counts.some((count) => count > 0);
}

test("form of 300 fields", { timeout: 180_000 }, async () => {
  const stage = new Stage(inject("origin"), inject("home"));
  await live(await stage.api("designer"), DOCUMENT);
  const spent: number[] = [];
  for (let i = 0; i < 5; i++) {
    const page = await stage.visit("researcher", `/databases/${CODE}/data/patient`);
    await seen(page.getByRole("button", { name: "新增患者" }));
    await stage.settled(page);
    const begun = Date.now();
    await page.getByRole("button", { name: "新增患者" }).click();
    await expect.poll(() => drawn(page), { timeout: 30_000, interval: 10 }).toBe(true);
    spent.push(Date.now() - begun);
    await page.close();
  }
  tell("form of 300 fields", { opens_ms: median(spent), all_ms: spent });
  await stage.close();
});
