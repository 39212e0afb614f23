/** The structure of a database: its record types and fields, as a draft. */

import type { RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import { databaseName } from "../../stores/databases";
import { names } from "../texts";

function titleOf(code: string): Label {
  const name = databaseName(code);
  const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
  return { zh: `${zh} · ${names.structure.zh}`, en: `${en} · ${names.structure.en}` };
}

export const structureRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/:code/structure",
    name: "database-structure",
    component: () => import("./StructurePage.vue"),
    meta: { title: ({ params }) => titleOf(String(params.code)), parent: "databases", needs: ["view", "databases"] },
  },
];
