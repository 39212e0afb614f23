/** Definitions from files: the import itself, and the history of a database's imports. */

import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import { databaseName } from "../../stores/databases";
import { names } from "../texts";

/** "肺结节 · 定义导入". */
function title({ params }: RouteLocationNormalized): Label {
  const name = databaseName(String(params.code));
  const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
  return { zh: `${zh} · ${names.imports.zh}`, en: `${en} · ${names.imports.en}` };
}

export const importRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/import",
    name: "database-import",
    component: () => import("./ImportPage.vue"),
    meta: { title: names.importDefinition, parent: "databases", needs: ["design", "databases"], findable: true },
  },
  {
    path: "/databases/:code/imports/:id(\\d+)?",
    name: "database-imports",
    component: () => import("./ImportsPage.vue"),
    meta: { title, parent: "databases", needs: ["design", "databases"] },
  },
];
