/** The workbench: where everyone arrives, so its page comes with the application instead of after it. */

import { House } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { names } from "../texts";
import HomePage from "./HomePage.vue";

export const home: Area = {
  name: "home",
  label: names.home,
  icon: House,
  home: "home",
  routes: [
    { path: "/", name: "home", component: HomePage, meta: { title: names.home, findable: true } },
  ],
};
