/** The workbench: where everyone arrives. */

import { House } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { texts } from "./texts";

export const home: Area = {
  name: "home",
  label: texts.home,
  icon: House,
  home: "home",
  routes: [
    { path: "/", name: "home", component: () => import("./HomePage.vue"), meta: { title: texts.home, findable: true } },
  ],
};
