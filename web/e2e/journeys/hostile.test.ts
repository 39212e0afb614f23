/** Texts that are scripts: in every place where people may write, shown as text on every page. */

import type { Page } from "playwright-core";
import { expect } from "vitest";

import { add, live, words } from "../harness/databases.ts";
import { edit, fill, form, says } from "../harness/form.ts";
import { lonelyJourney, seen, type Stage } from "../harness/journey.ts";

const SCRIPT = `<script>window.hacked=1</script>`;
const IMAGE = `<img src=x onerror="window.hacked=2">`;
const BREAKOUT = `"><svg onload="window.hacked=3">`;
const LINK = `javascript:window.hacked=4`;
const ALL = `${SCRIPT}${IMAGE}${BREAKOUT}{{constructor.constructor("window.hacked=5")()}}`;

/** Elements that a text would have become. */
const ACTIVE = "script:not([src]), img[onerror], svg[onload], a[href^='javascript:']";

const CODE = "hostile";
const label = { zh: `敌意 ${ALL}`, en: `Hostile ${ALL}` };

const DOCUMENT = {
  kind: "database", code: CODE, label, category: "personal", description: label,
  value_sets: { answers: { label, choices: [{ code: "1", label: words(`选项 ${IMAGE}`) }, { code: "2", label: words(`选项 ${BREAKOUT}`) }] } },
  record_types: [
    {
      code: "patient", label, parent: null, key: "number",
      fields: [
        { code: "number", label: words(`编号 ${SCRIPT}`), type: "string", required: true, help: label },
        { code: "text", label: words(`文字 ${IMAGE}`), type: "string", unit: BREAKOUT, help: label },
        { code: "long", label: words(`长文 ${BREAKOUT}`), type: "long_text", help: label },
        { code: "choice", label: words(`单选 ${IMAGE}`), type: "choice", value_set: "answers", help: label },
        { code: "many", label: words(`多选 ${IMAGE}`), type: "multi_choice", value_set: "answers", help: label },
        {
          code: "amount", label: words(`数值 ${IMAGE}`), type: "decimal", help: label,
          checks: [{ expression: "[amount] < 10", message: label, severity: "warning" }],
        },
      ],
    },
    { code: "visit", label, parent: "patient", repeats: true, fields: [{ code: "note", label, type: "string" }] },
  ],
  forms: [{ code: "crf", label, record_type: "patient", items: [{ section: label }, { text: label }, { field: "text" }, { field: "choice" }] }],
};

/** Every page that shows something of the database, and home. */
const PAGES = [
  "/", "/databases", `/databases?open=${CODE}`, `/databases/${CODE}/data/patient`, `/databases/${CODE}/data/patient?record=1`,
  `/databases/${CODE}/data/patient?adding=true`, `/databases/${CODE}/data/visit`, `/databases/${CODE}/structure`,
  `/databases/${CODE}/structure?type=patient&field=patient.choice`, `/databases/${CODE}/plan`, `/databases/${CODE}/releases`, `/databases/${CODE}/imports`,
];

async function prepare(stage: Stage): Promise<number> {
  const designer = await stage.api("designer");
  await live(designer, DOCUMENT);
  const id = await add(designer, CODE, "patient", { number: SCRIPT, text: IMAGE, long: `${ALL}\n${LINK}`, choice: "1", many: ["1", "2"], amount: 99 });
  await add(designer, CODE, "visit", { note: ALL }, id);
  const draft = await designer.get<{ version: number }>(`/databases/${CODE}/draft`);
  const edits = [
    { edit: "add_field", record_type: "patient", field: { code: "late", label, type: "string" } },
    { edit: "set_field", record_type: "patient", field: "amount", set: { unit: BREAKOUT } },
  ];
  await designer.post(`/databases/${CODE}/draft/edits`, { expected_version: draft.version, edits });
  await designer.post(`/databases/${CODE}/plans`);
  return id;
}

async function expectHarmless(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const found = await frame.evaluate((active) => ({ ran: "hacked" in window, elements: document.querySelectorAll(active).length }), ACTIVE).catch((error: unknown) => {
      if (frame.isDetached()) return null; // a form that has just been closed
      throw error;
    });
    if (found) expect(found, frame.url()).toEqual({ ran: false, elements: 0 });
  }
}

lonelyJourney("Scripts in labels, choices, helps and values are text on every page", async (stage) => {
  stage.allowed.words = "any";
  const id = await prepare(stage);
  const page = await stage.visit("designer", "/");
  for (const path of PAGES) {
    await page.goto(stage.origin + path.replace("record=1", `record=${id}`));
    await stage.settled(page);
    await expectHarmless(page);
  }

  await page.goto(`${stage.origin}/databases/${CODE}/data/patient/${id}?edit=true`);
  await stage.settled(page);
  await expectHarmless(page);

  await page.goto(`${stage.origin}/databases/${CODE}/data/patient`);
  await seen(page.getByRole("gridcell").filter({ hasText: IMAGE }));
  await seen(page.getByRole("gridcell").filter({ hasText: `选项 ${IMAGE}` }));
  await edit(page, SCRIPT);
  await fill(page, "文字", `${ALL} 改`);
  await seen(form(page).getByText(`选项 ${IMAGE}`));
  await page.keyboard.press("Control+s");
  await says(page, "改");
  await expectHarmless(page);
  await page.keyboard.press("Control+K");
  await page.keyboard.type("<img");
  await seen(page.getByRole("option").filter({ hasText: IMAGE }));
  await expectHarmless(page);
});

lonelyJourney("A file whose name and content are scripts is refused in words, and never run", async (stage) => {
  stage.allowed.words = "any";
  const page = await stage.visit("designer", "/databases/import");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "选择文件", exact: true }).click()]);
  await chooser.setFiles({ name: `${IMAGE}.csv`, mimeType: "text/csv", buffer: Buffer.from(`${SCRIPT},${IMAGE}\n${BREAKOUT},1\n`) });
  await seen(page.getByText(`${IMAGE}.csv`));
  await expectHarmless(page);
  await page.getByLabel("代码").fill("hostile_file");
  await page.getByRole("button", { name: /^导入 \d+ 个文件/ }).click();
  await seen(page.getByText("不是本平台能读取的格式"));
  await expectHarmless(page);
});

const GUARDED = "hostile_access";
const SHORT = `${IMAGE}${SCRIPT}`; // for what may not be long
const DAY = 24 * 3600_000;

/** By who sees them: every page that shows what people wrote about access, its uses and each other. */
const ACCESS_PAGES = {
  researcher: ["/", "/access/mine", "/access/requests", "/access/emergencies", `/databases/${GUARDED}/cohorts`, `/databases/${GUARDED}/data/patient`],
  designer: ["/access/requests", "/access/grants", "/access/matrix", "/access/projects", `/databases/${GUARDED}/cohorts`],
  security: ["/", "/access/requests", "/access/grants", "/access/matrix", "/access/projects", "/access/emergencies", "/users"],
  admin: ["/users"],
  auditor: ["/audit"],
} as const;

/** Everything that people write about access, written as scripts; the id of a cohort. */
async function plant(stage: Stage): Promise<number> {
  const [admin, designer, security, person] = await Promise.all([stage.api("admin"), stage.api("designer"), stage.api("security"), stage.api("researcher")]);
  await live(designer, { ...DOCUMENT, code: GUARDED });
  const record = await add(designer, GUARDED, "patient", { number: "1", text: SHORT });
  const ends_at = new Date(Date.now() + 30 * DAY).toISOString();
  const users = await admin.get<{ items: { id: number; name: string }[] }>("/users?limit=100");
  const id = users.items.find(({ name }) => name === "researcher")?.id;
  await admin.patch(`/users/${id}`, { display_name: IMAGE });
  const project = await security.post<{ id: number }>("/projects", { code: "P-HOSTILE", label: { zh: SHORT, en: SHORT }, class: "trial", databases: [GUARDED] });
  await security.post(`/projects/${project.id}/members`, { user_id: id, duty: "reader" });
  const subject = { kind: "user", value: String(id) };
  const grant = await security.post<{ id: number }>("/access/grants", { subject, resource: GUARDED, actions: ["view"], where: `[patient.text] <> '${IMAGE}'`, reason: ALL, ends_at });
  await security.post(`/access/grants/${grant.id}/end`, { ends_at, reason: ALL });
  const request = await person.post<{ id: number }>("/access/requests", { database: GUARDED, actions: ["export"], ends_at, reason: ALL });
  await designer.post(`/access/requests/${request.id}/refuse`, { reason: ALL });
  const emergency = await person.post<{ id: number }>("/access/emergencies", { database: GUARDED, scope: "database", minutes: 5, reason: ALL });
  await person.post(`/access/emergencies/${emergency.id}/end`);
  await security.post(`/access/emergencies/${emergency.id}/review`, { remark: ALL });
  const criteria = [{ kind: "include", where: `[text] <> '${SCRIPT}'`, label: { zh: SHORT, en: SHORT } }];
  const cohort = await designer.post<{ id: number }>(`/databases/${GUARDED}/cohorts`, { name: SHORT, description: ALL, record_type: "patient", criteria, shared: true });
  await designer.post(`/databases/${GUARDED}/filters`, { name: SHORT, description: ALL, record_type: "patient", where: criteria[0]?.where, shared: true });
  await designer.put(`/databases/${GUARDED}/records/patient/${record}/grade`, { grade: 1, reason: SHORT });
  return cohort.id;
}

lonelyJourney("Scripts in reasons, remarks, projects, cohorts and people's names are text on every page", async (stage) => {
  stage.allowed.words = "any";
  const cohort = await plant(stage);
  for (const [who, paths] of Object.entries(ACCESS_PAGES) as [keyof typeof ACCESS_PAGES, readonly string[]][]) {
    const page = await stage.visit(who, "/");
    for (const path of paths) {
      await page.goto(stage.origin + path);
      await stage.settled(page);
      await expectHarmless(page);
      const rows = page.getByRole("gridcell").filter({ hasText: "<img" });
      if ((await rows.count()) === 0) continue;
      await rows.first().click(); // what its drawer shows
      await stage.settled(page);
      await expectHarmless(page);
    }
  }
  const page = await stage.visit("designer", `/databases/${GUARDED}/cohorts/${cohort}`);
  await stage.settled(page);
  await seen(page.getByText(SHORT).first());
  await expectHarmless(page);
}, 180);
