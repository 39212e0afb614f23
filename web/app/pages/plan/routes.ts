/** The plan of a database's draft, and the history of its releases. */

import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import type { Title } from "../../area";
import { databaseName } from "../../stores/databases";
import { names } from "../texts";

/** "肺结节 · 变更计划": the database's name, as far as it is known, and the page's. */
function within(page: Label): Title {
  return ({ params }: RouteLocationNormalized): Label => {
    const name = databaseName(String(params.code));
    const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
    return { zh: `${zh} · ${page.zh}`, en: `${en} · ${page.en}` };
  };
}

export const planRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/:code/plan",
    name: "database-plan",
    component: () => import("./PlanPage.vue"),
    meta: { title: within(names.plan), parent: "databases", needs: ["design", "databases"] },
  },
  {
    path: "/databases/:code/releases",
    name: "database-releases",
    component: () => import("./ReleasesPage.vue"),
    meta: { title: within(names.releases), parent: "databases", needs: ["view", "databases"] },
  },
];
