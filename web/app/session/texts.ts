/** The names of permitted actions and of what they act on. */

import { defineTexts } from "../../shared/texts";

export const ACTIONS = defineTexts({
  view: { zh: "查看", en: "View" },
  add: { zh: "新增", en: "Add" },
  edit: { zh: "修改", en: "Edit" },
  delete: { zh: "删除", en: "Delete" },
  download: { zh: "下载", en: "Download" },
  export: { zh: "导出", en: "Export" },
  design: { zh: "设计", en: "Design" },
  approve: { zh: "审批", en: "Approve" },
  manage: { zh: "管理", en: "Manage" },
  emergency: { zh: "紧急查看", en: "Emergency access to" },
  identify: { zh: "查看身份信息", en: "See identities in" },
});

export const KINDS = defineTexts({
  databases: { zh: "病种库", en: "databases" },
  records: { zh: "记录", en: "records" },
  users: { zh: "用户", en: "users" },
  jobs: { zh: "任务", en: "jobs" },
  files: { zh: "文件", en: "files" },
  grants: { zh: "授权", en: "grants" },
  projects: { zh: "项目", en: "projects" },
  account_policy: { zh: "账号策略", en: "the account policy" },
  audit: { zh: "审计", en: "the audit trail" },
});
