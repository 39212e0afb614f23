/** The data quality of a database. */

import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Label } from "../../../shared/texts";
import { databaseName } from "../../stores/databases";
import { names } from "../texts";

/** "肺结节 · 数据质量". */
function title({ params }: RouteLocationNormalized): Label {
  const name = databaseName(String(params.code));
  const [zh, en] = typeof name === "string" ? [name, name] : [name.zh || name.en, name.en || name.zh];
  return { zh: `${zh} · ${names.quality.zh}`, en: `${en} · ${names.quality.en}` };
}

export const qualityRoutes: RouteRecordRaw[] = [
  {
    path: "/databases/:code/quality",
    name: "database-quality",
    component: () => import("./QualityPage.vue"),
    meta: { title, parent: "databases", needs: ["view", "records"] },
  },
];
