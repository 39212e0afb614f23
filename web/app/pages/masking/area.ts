/** The library: what databases are made of. Its first pages are those of masking types. */

import { Reading } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { names } from "../texts";

export const library: Area = {
  name: "library",
  label: names.library,
  icon: Reading,
  home: "masking",
  needs: ["design", "databases"],
  routes: [
    {
      path: "/masking",
      name: "masking",
      component: () => import("./MaskingPage.vue"),
      meta: { title: names.maskingTypes, parent: "home", needs: ["design", "databases"], findable: true },
    },
  ],
};
