/** Users, and the rules for their accounts: the hospital administrator's pages. */

import { UserFilled } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { names } from "../texts";

export const users: Area = {
  name: "users",
  label: names.users,
  icon: UserFilled,
  home: "users",
  needs: ["view", "users"],
  routes: [
    {
      path: "/users",
      name: "users",
      component: () => import("./UsersPage.vue"),
      meta: { title: names.users, parent: "home", needs: ["view", "users"], findable: true },
    },
    {
      path: "/users/batch",
      name: "user-batch",
      component: () => import("./BatchPage.vue"),
      meta: { title: names.userBatch, parent: "users", needs: ["manage", "users"], findable: true },
    },
    {
      path: "/users/templates",
      name: "account-templates",
      component: () => import("./TemplatesPage.vue"),
      meta: { title: names.accountTemplates, parent: "users", needs: ["view", "users"], findable: true },
    },
    {
      path: "/users/policy",
      name: "account-policy",
      component: () => import("./PolicyPage.vue"),
      meta: { title: names.accountPolicy, parent: "users", needs: ["view", "users"], findable: true },
    },
    {
      path: "/users/directory",
      name: "directory",
      component: () => import("./DirectoryPage.vue"),
      meta: { title: names.directory, parent: "users", needs: ["view", "users"], findable: true },
    },
  ],
};
