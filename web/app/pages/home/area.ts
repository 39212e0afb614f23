/** The workbench: where everyone arrives. */

import { House } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { names } from "../texts";

export const home: Area = {
  name: "home",
  label: names.home,
  icon: House,
  home: "home",
  routes: [
    { path: "/", name: "home", component: () => import("./HomePage.vue"), meta: { title: names.home, findable: true } },
  ],
};
