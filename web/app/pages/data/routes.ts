/** The data of a database: one grid per record type, a record beside it. */

import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import { databaseName, databases } from "../../stores/databases";
import { recordTitle } from "./recordTitles";

/** "肺结节 · 患者": the database's name and the record type's, as far as they are known. */
function title({ params }: RouteLocationNormalized): Label {
  const code = String(params.code);
  const name = databaseName(code);
  const summary = databases.list.find((database) => database.code === code);
  const type = summary?.record_types.find((each) => each.code === params.type);
  const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
  if (!type) return { zh, en };
  return { zh: `${zh} · ${type.label.zh || type.code}`, en: `${en} · ${type.label.en || type.code}` };
}

export const dataRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/:code/data/:type?",
    name: "database-data",
    component: () => import("./DataPage.vue"),
    meta: { title, parent: "databases", needs: ["view", "records"] },
  },
  {
    path: "/databases/:code/data/:type/:id(\\d+)",
    name: "database-record",
    component: () => import("./RecordPage.vue"),
    meta: {
      title: ({ params }) => recordTitle(String(params.code), String(params.type), String(params.id)),
      parent: "database-data",
      needs: ["view", "records"],
    },
  },
];

