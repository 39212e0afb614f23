/** The login page and the user's own password. */

import type { RouteRecordRaw } from "vue-router";

import { names } from "../texts";

export const accountRoutes: RouteRecordRaw[] = [
  { path: "/login", name: "login", component: () => import("./LoginPage.vue"), meta: { bare: true, title: names.login } },
  {
    path: "/password",
    name: "password",
    component: () => import("./PasswordPage.vue"),
    meta: { title: names.changePassword, parent: "home", findable: true },
  },
  {
    path: "/second-factor",
    name: "second-factor",
    component: () => import("./SecondFactorPage.vue"),
    meta: { title: names.secondFactor, parent: "home", findable: true },
  },
  {
    path: "/logins",
    name: "logins",
    component: () => import("./LoginsPage.vue"),
    meta: { title: names.logins, parent: "home", findable: true },
  },
];
