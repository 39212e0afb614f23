/** The cohorts of a database: their list, and one with its criteria and funnel. */

import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import { databaseName } from "../../stores/databases";
import { names } from "../texts";
import { cohortTitle } from "./cohortNames";

/** "肺结节 · 入组队列". */
function title({ params }: RouteLocationNormalized): Label {
  const name = databaseName(String(params.code));
  const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
  return { zh: `${zh} · ${names.cohorts.zh}`, en: `${en} · ${names.cohorts.en}` };
}

export const cohortRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/:code/cohorts",
    name: "database-cohorts",
    component: () => import("./CohortsPage.vue"),
    meta: { title, parent: "databases", needs: ["view", "records"] },
  },
  {
    path: "/databases/:code/cohorts/:id(\\d+|new)",
    name: "database-cohort",
    component: () => import("./CohortPage.vue"),
    meta: {
      title: ({ params }) => cohortTitle(String(params.code), String(params.id)),
      parent: "database-cohorts",
      needs: ["view", "records"],
    },
  },
];
