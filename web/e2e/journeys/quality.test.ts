/** Stored records are checked against the rules; the broken and the unknown ones are one click away. */

import { expect } from "vitest";

import { change, clinic, live } from "../harness/databases.ts";
import { journey, seen } from "../harness/journey.ts";

const CHECK = { expression: "[height] > [weight]", message: { zh: "身高应大于体重", en: "Taller than heavy" }, severity: "error" };

journey("A rule that is newer than the records finds those that break it, and those it can't judge", async (stage) => {
  const designer = await stage.api("designer");
  await live(designer, clinic("checked", "质量门诊"));
  const values = [{ height: 170, weight: 60 }, { height: 90, weight: 120 }, { height: 95, weight: 130 }, { height: 180 }];
  const records = values.map((each, i) => ({ values: { number: `Q-${i + 10}`, ...each } }));
  await designer.post("/databases/checked/records/patient/bulk", { records });
  await change(designer, "checked", { edit: "set_field", record_type: "patient", field: "height", set: { checks: [CHECK] } });

  const page = await stage.visit("designer", "/databases/checked/quality");
  await seen(page.getByText("还没有检查过"));
  await stage.settled(page);
  await stage.look();
  await page.getByRole("button", { name: "检查全部记录" }).click();
  await seen(page.getByText("上次检查："));
  const row = page.getByRole("row").filter({ hasText: "身高应大于体重" });
  await seen(row.getByRole("link", { name: "2", exact: true }));
  await stage.look();

  await row.getByRole("link", { name: "2", exact: true }).click();
  await seen(page.getByText("共 2 行"));
  await page.goBack();
  await row.getByRole("link", { name: "1", exact: true }).click();
  await seen(page.getByText("共 1 行"));
  expect(await page.getByRole("gridcell").filter({ hasText: "Q-13" }).count()).toBe(1);

  await page.goto(`${stage.origin}/databases/checked/quality?broken=1`);
  await seen(row);
  expect(await page.getByRole("row").count()).toBe(2);
});
