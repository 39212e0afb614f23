/** Rules of a form at work while one types, with the server and without it. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { add, clinic, field, live, words } from "../harness/databases.ts";
import { choose, edit, fill, place, typed } from "../harness/form.ts";
import { becomes, gone, journey, seen, type Stage } from "../harness/journey.ts";

const RULED = [
  field("bmi", "体质指数", "decimal", { options: { scale: 1 }, calculation: "[weight] / ([height] / 100)^2" }),
  field("obese", "肥胖", "calculated", { options: { result: "boolean" }, calculation: "[bmi] >= 28" }),
  field("pregnant", "妊娠", "boolean", { shown_if: "[sex] = '2'", required_if: "[sex] = '2'" }),
  field("waist", "腰围", "decimal", {
    checks: [{ expression: "[waist] < [height]", message: words("腰围应小于身高", "The waist is less than the height") }],
  }),
  field("pulse_only", "静息脉搏", "integer", { missing_codes: ["refused"], shown_if: "[weight] > 100" }),
];

const pathOf = (code: string) => `/databases/${code}/data/patient`;
const warning = (page: Page, label: string, text: string) => place(page, label).locator(".problem").filter({ hasText: text });

/** A new record's form, complete; from then on no request reaches the server until the network is back. */
async function withoutServer(stage: Stage, code: string): Promise<Page> {
  stage.allowed.offline = true;
  await live(await stage.api("designer"), clinic(code, "动态表单", RULED));
  const page = await stage.visit("researcher", pathOf(code));
  await seen(page.getByText("还没有记录"));
  await page.getByRole("button", { name: "新增患者" }).click();
  await seen(place(page, "编号"));
  await stage.settled(page);
  await page.context().setOffline(true);
  return page;
}

journey("Without the server: what is typed is calculated, shown and checked at once, and saved as it was shown", async (stage) => {
  const page = await withoutServer(stage, "live_form");
  await fill(page, "编号", "L-1");
  await fill(page, "身高", "１７０");
  await fill(page, "体重", "81.25");
  expect(await typed(page, "体质指数")).toBe("28.1");
  expect(await typed(page, "肥胖")).toBe("是");

  await gone(place(page, "妊娠")); // the sex is not known yet
  await choose(page, "性别", "男");
  await gone(place(page, "妊娠"));
  await choose(page, "性别", "女");
  await seen(place(page, "妊娠"));
  await choose(page, "妊娠", "否");

  await fill(page, "体重", "250");
  await seen(warning(page, "体重", "体重超过 200 kg，请核对"));
  await seen(place(page, "静息脉搏"));
  await fill(page, "腰围", "180");
  await seen(warning(page, "腰围", "腰围应小于身高"));
  await fill(page, "身高", "无");
  await seen(warning(page, "身高", "不是数字"));
  expect(await typed(page, "体质指数")).toBe("");
  await stage.look();

  await fill(page, "身高", "170");
  await fill(page, "体重", "81.25");
  await fill(page, "腰围", "90.5");
  await gone(warning(page, "体重", "体重超过 200 kg，请核对"));
  await gone(warning(page, "腰围", "腰围应小于身高"));
  await gone(place(page, "静息脉搏"));
  const shown = await typed(page, "体质指数");

  await page.context().setOffline(false);
  await page.keyboard.press("Control+s");
  await seen(page.getByRole("gridcell").filter({ hasText: "L-1" }));
  const { items } = await (await stage.api("designer")).get<{ items: { values: Record<string, unknown> }[] }>("/databases/live_form/records/patient");
  expect(items[0]?.values).toMatchObject({ number: "L-1", height: 170, weight: 81.25, bmi: Number(shown), obese: true, pregnant: false, waist: 90.5 });
});

journey("A record below another: its rules know what the other one holds", async (stage) => {
  const designer = await stage.api("designer");
  const document = clinic("live_visits", "随访门诊") as { record_types: { fields: unknown[] }[] };
  document.record_types[1]?.fields.push(field("share", "脉搏身高比", "decimal", { calculation: "[pulse] / [height]" }));
  await live(designer, document as unknown as Record<string, unknown>);
  const id = await add(designer, "live_visits", "patient", { number: "P-1", height: 160 });
  await add(designer, "live_visits", "visit", { on: "2026-03-05" }, id);
  stage.allowed.offline = true;
  const page = await stage.visit("researcher", "/databases/live_visits/data/visit");
  await edit(page, "2026-03-05");
  await seen(place(page, "脉搏"));
  await stage.settled(page);
  await page.context().setOffline(true);
  await fill(page, "脉搏", "80");
  await becomes(() => typed(page, "脉搏身高比"), "0.5");
  await page.context().setOffline(false);
});
