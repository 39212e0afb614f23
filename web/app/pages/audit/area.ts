/** The audit trail: the auditor's pages. */

import { Memo } from "@element-plus/icons-vue";

import type { Area } from "../../area";
import { names } from "../texts";

export const audit: Area = {
  name: "audit",
  label: names.audit,
  icon: Memo,
  home: "audit",
  needs: ["view", "audit"],
  routes: [
    {
      path: "/audit",
      name: "audit",
      component: () => import("./SearchPage.vue"),
      meta: { title: names.audit, parent: "home", needs: ["view", "audit"], findable: true },
    },
    {
      path: "/audit/patients/:id(\\d+)?",
      name: "audit-patients",
      component: () => import("./PatientPage.vue"),
      meta: { title: names.patientReport, parent: "audit", needs: ["view", "audit"], findable: true },
    },
    {
      path: "/audit/integrity",
      name: "audit-integrity",
      component: () => import("./IntegrityPage.vue"),
      meta: { title: names.auditIntegrity, parent: "audit", needs: ["view", "audit"], findable: true },
    },
  ],
};
