/** Access: one's own, requests for more, and what administrators grant. */

import { Key } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { may } from "../../session/session";
import { names } from "../texts";

export const access: Area = {
  name: "access",
  label: names.access,
  icon: Key,
  home: "access",
  open: () => may("view", "grants") || may("view", "records") || may("view", "projects"),
  routes: [
    {
      path: "/access",
      name: "access",
      component: () => import("./MinePage.vue"), // never shown: where to go is known once the session is
      beforeEnter: () => ({ name: may("view", "grants") ? "access-grants" : "access-mine" }),
      meta: { title: names.access, parent: "home" },
    },
    {
      path: "/access/mine",
      name: "access-mine",
      component: () => import("./MinePage.vue"),
      meta: { title: names.myAccess, parent: "access", findable: true },
    },
    {
      path: "/access/requests",
      name: "access-requests",
      component: () => import("./RequestsPage.vue"),
      meta: { title: names.requests, parent: "access", findable: true },
    },
    {
      path: "/access/grants",
      name: "access-grants",
      component: () => import("./GrantsPage.vue"),
      meta: { title: names.grants, parent: "access", needs: ["view", "grants"], findable: true },
    },
    {
      path: "/access/matrix",
      name: "access-matrix",
      component: () => import("./MatrixPage.vue"),
      meta: { title: names.matrix, parent: "access", needs: ["view", "grants"], findable: true },
    },
    {
      path: "/access/grades",
      name: "access-grades",
      component: () => import("./grades/GradesPage.vue"),
      meta: { title: names.grades, parent: "access", needs: ["view", "grants"], findable: true },
    },
    {
      path: "/access/projects",
      name: "access-projects",
      component: () => import("./ProjectsPage.vue"),
      meta: { title: names.projects, parent: "access", needs: ["view", "projects"], findable: true },
    },
    {
      path: "/access/emergencies",
      name: "access-emergencies",
      component: () => import("./EmergenciesPage.vue"),
      meta: { title: names.emergencies, parent: "access", findable: true },
    },
    {
      path: "/access/forgetting",
      name: "access-forgetting",
      component: () => import("./forgetting/ForgettingPage.vue"),
      meta: { title: names.forgetting, parent: "access", needs: ["approve", "databases"], findable: true },
    },
  ],
};
