/** The disease databases. Pages within a database add their routes here. */

import { Collection } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { cohortRoutes } from "../cohorts/routes";
import { dataRoutes } from "../data/routes";
import { importRoutes } from "../imports/routes";
import { planRoutes } from "../plan/routes";
import { qualityRoutes } from "../quality/routes";
import { structureRoutes } from "../structure/routes";
import { names } from "../texts";

export const databases: Area = {
  name: "databases",
  label: names.databases,
  icon: Collection,
  home: "databases",
  needs: ["view", "databases"],
  routes: [
    {
      path: "/databases",
      name: "databases",
      component: () => import("./DatabasesPage.vue"),
      meta: { title: names.databases, parent: "home", needs: ["view", "databases"], findable: true },
    },
    ...dataRoutes,
    ...cohortRoutes,
    ...qualityRoutes,
    ...planRoutes,
    ...importRoutes,
    ...structureRoutes,
  ],
};
