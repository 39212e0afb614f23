/**
 * Every page, in both languages and sizes, for those who use it: no key, no foreign word, no second scroll bar. In an instance
 * of its own: what other journeys import stands on the pages with labels in the language of its file.
 */

import type { Role } from "../harness/instance.ts";
import { lonelyJourney } from "../harness/journey.ts";

const OWN = ["/", "/password", "/second-factor", "/logins", "/access/mine", "/access/requests"];
const DATA = [
  "/databases", "/databases?open=lung_nodule", "/databases/import", "/databases/lung_nodule/data/patient",
  "/databases/lung_nodule/data/nodule", "/databases/lung_nodule/data/patient?trashed=true", "/databases/lung_nodule/structure",
  "/databases/lung_nodule/plan", "/databases/lung_nodule/releases", "/databases/lung_nodule/imports",
  "/databases/lung_nodule/quality", "/databases/lung_nodule/cohorts", "/databases/lung_nodule/cohorts/new", "/databases/lung_nodule/cohorts/999",
  "/masking", "/databases/lung_nodule/data/patient?where=%5Bsex%5D", "/databases/lung_nodule/data/xyz", "/databases/kdb/data/patient",
];
const USERS = ["/users", "/users?open=1", "/users?open=new", "/users/batch", "/users/templates", "/users/policy", "/users/directory"];
const ACCESS = [
  "/access", "/access/grants", "/access/matrix", "/access/grades", "/access/projects", "/access/emergencies", "/access/forgetting",
];
const AUDIT = [
  "/audit", "/audit?range=all&action=read&subject=nobody", "/audit?range=all&open=40", "/audit?open=999999", "/audit/patients",
  "/audit/patients/7", "/audit/integrity",
];
const ALL = [...OWN, ...DATA, ...USERS, ...ACCESS, ...AUDIT];
/** One of each area: what is closed to a role looks alike on all pages of an area. */
const DOORS = ["/databases/lung_nodule/structure", "/databases/lung_nodule/data/patient", "/users", "/access/grants", "/audit"];

const SMALL = { width: 1440, height: 900 };
const LARGE = { width: 1920, height: 1080 };

const VISITS: [role: Role, language: "zh-CN" | "en", size: typeof SMALL, paths: string[]][] = [
  ["designer", "zh-CN", SMALL, ALL],
  ["designer", "en", LARGE, ALL],
  ["researcher", "zh-CN", LARGE, [...OWN, ...DATA, ...DOORS]],
  ["reader", "en", SMALL, [...OWN, ...DATA, ...DOORS]],
  ["admin", "zh-CN", SMALL, [...USERS, ...ACCESS, ...DOORS]],
  ["security", "zh-CN", LARGE, [...OWN, ...USERS, ...ACCESS, ...DOORS]],
  ["auditor", "zh-CN", SMALL, [...AUDIT, ...DOORS]],
  ["auditor", "en", LARGE, [...AUDIT, ...ACCESS, ...DOORS]],
];

for (const [role, language, size, paths] of VISITS) {
  lonelyJourney(`The pages of ${role} in ${language} at ${size.width}`, async (stage) => {
    for (const status of [403, 404, 409, 422]) stage.allowed.statuses.add(status);
    stage.allowed.words = new Set(["lung_nodule"]); // the code, in addresses that are closed to the role
    const page = await stage.visit(role, "/", { language, size });
    for (const path of paths) {
      await page.goto(stage.origin + path);
      await stage.settled(page);
      await stage.look();
    }
  }, 180);
}
