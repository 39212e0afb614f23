/** The pictures of the manuals: the main pages with realistic data, in both languages and sizes, into docs/pictures. */

import { mkdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";

import type { Caller } from "../harness/caller.ts";
import { add } from "../harness/databases.ts";
import { drawer, form } from "../harness/form.ts";
import { OwnStage, seen } from "../harness/journey.ts";
import type { Role } from "../harness/instance.ts";
import { DICTIONARY } from "../harness/realdata.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/pictures");
const LARGEST = 7_000_000; // bytes, all of them together
const LANGUAGES = [{ name: "zh", locale: "zh-CN" }, { name: "en", locale: "en" }] as const;
const SIZES = [{ width: 1440, height: 900 }, { width: 1920, height: 1080 }];

interface Scene {
  name: string;
  role: Role;
  path: string;
  /** What there is when it is complete, and what to do before it is taken. */
  ready: (page: Page) => Promise<unknown>;
}

const cells = (page: Page) => seen(page.getByRole("gridcell"));

const SCENES: Scene[] = [
  { name: "home", role: "researcher", path: "/", ready: (page) => seen(page.locator(".card")) },
  { name: "databases", role: "designer", path: "/databases", ready: cells },
  { name: "import-report", role: "designer", path: "/databases/ablation/imports/1", ready: (page) => seen(page.locator(".figures")) },
  { name: "structure", role: "designer", path: "/databases/lung_nodule/structure?field=patient.smoking", ready: cells },
  { name: "plan", role: "designer", path: "/databases/lung_nodule/plan", ready: (page) => seen(page.getByRole("button", { name: /批准|发布|Approve|Publish/ })) },
  { name: "releases", role: "designer", path: "/databases/lung_nodule/releases", ready: (page) => seen(page.getByRole("row")) },
  { name: "data", role: "researcher", path: "/databases/lung_nodule/data/patient", ready: cells },
  { name: "record", role: "researcher", path: "/databases/lung_nodule/data/patient?record=2", ready: (page) => seen(drawer(page).getByRole("tab")) },
  {
    name: "record-form", role: "researcher", path: "/databases/lung_nodule/data/patient?record=2",
    ready: async (page) => {
      await drawer(page).locator(".el-button--primary").first().click();
      await seen(form(page).locator("[data-field]"));
    },
  },
  {
    name: "filter", role: "researcher",
    path: `/databases/lung_nodule/data/patient?where=${encodeURIComponent("[sex] = '1' and ([smoking] != 'never' or [family_lung_cancer] = true) and any([ct_exam.nodule], [long_diameter] >= 8)")}`,
    ready: async (page) => {
      await cells(page);
      await page.getByRole("button", { name: /^(条件组|Builder)$/ }).click();
      await seen(page.getByText(/全部满足|All of/));
    },
  },
];

/** A draft with changes of every safety, an imported dictionary, a new record: something to show on each page. */
async function prepare(stage: OwnStage): Promise<void> {
  const designer = await stage.api("designer");
  const file = await designer.upload(basename(DICTIONARY), await readFile(DICTIONARY));
  await designer.post("/definitions/imports", { file_ids: [file], code: "ablation", label: "肺消融随访登记" });
  await editLung(designer);
  const researcher = await stage.api("researcher");
  await work(researcher);
  await add(researcher, "lung_nodule", "patient", { patient_no: "LN09001", name: "赵敏", sex: "2", birth_date: "1971-08-02", enrolled_on: "2026-08-18", consent: true });
}

/** What a researcher did today, for the first page. */
async function work(researcher: Caller): Promise<void> {
  for (const [i, id] of [3, 8, 21, 34].entries()) {
    const { version, values } = await researcher.get<{ version: number; values: { weight: number } }>(`/databases/lung_nodule/records/patient/${id}`);
    await researcher.patch(`/databases/lung_nodule/records/patient/${id}`, { version, values: { weight: Math.round(values.weight) + i + 1 } });
  }
  await researcher.post("/databases/lung_nodule/record-exports", { record_type: "nodule", format: "xlsx" });
}

async function editLung(designer: Caller): Promise<void> {
  const { version } = await designer.get<{ version: number }>("/databases/lung_nodule/draft");
  const edits = [
    { edit: "add_field", record_type: "patient", field: { code: "occupational_exposure", label: { zh: "职业暴露史", en: "Occupational exposure" }, type: "boolean" } },
    { edit: "set_field", record_type: "patient", field: "smoking", set: { label: { zh: "吸烟状态", en: "Smoking status" } } },
    { edit: "set_field", record_type: "patient", field: "height", set: { maximum: 185 } },
    { edit: "set_field", record_type: "patient", field: "phone", set: { required: true } },
    { edit: "remove_field", record_type: "nodule", field: "nodule_remark" },
  ];
  await designer.post("/databases/lung_nodule/draft/edits", { expected_version: version, edits });
}

async function take(stage: OwnStage, scene: Scene): Promise<number> {
  let bytes = 0;
  for (const { name, locale } of LANGUAGES) {
    for (const size of SIZES) {
      const page = await stage.visit(scene.role, scene.path, { language: locale, size });
      await scene.ready(page);
      await stage.settled(page);
      await page.waitForTimeout(400); // transitions
      const path = join(FOLDER, `${scene.name}-${name}-${size.width}.png`);
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
      bytes += (await stat(path)).size;
      await page.context().close();
    }
  }
  return bytes;
}

test("pictures", { timeout: 600_000 }, async () => {
  expect(inject("template")).toBeTruthy();
  await mkdir(FOLDER, { recursive: true });
  const stage = await OwnStage.open();
  try {
    await prepare(stage);
    let bytes = 0;
    for (const scene of SCENES) bytes += await take(stage, scene);
    console.log(`${SCENES.length} scenes, ${Math.round(bytes / 1000)} kB`);
    expect(bytes).toBeLessThan(LARGEST);
  } catch (error) {
    await stage.fail("pictures");
    throw error;
  } finally {
    await stage.close();
  }
});
