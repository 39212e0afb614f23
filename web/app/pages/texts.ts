/**
 * Names of the areas and pages, as the rail, the breadcrumbs, the palette and the pages themselves say them. They stand
 * here, and not among the words of the pages, since every page loads them.
 */

import { defineTexts } from "../../shared/texts";

export const names = defineTexts({
  access: { zh: "权限", en: "Access" },
  myAccess: { zh: "我的权限", en: "My access" },
  requests: { zh: "申请", en: "Requests" },
  grants: { zh: "授权", en: "Grants" },
  matrix: { zh: "权限矩阵", en: "Matrix" },
  grades: { zh: "检查分级", en: "Grades" },
  projects: { zh: "项目", en: "Projects" },
  emergencies: { zh: "紧急查看", en: "Emergencies" },
  forgetting: { zh: "遗忘患者", en: "Forget a patient" },

  login: { zh: "登录", en: "Sign in" },
  logins: { zh: "登录设备", en: "Signed-in devices" },
  changePassword: { zh: "修改密码", en: "Change password" },
  secondFactor: { zh: "动态口令", en: "Second factor" },
  notFound: { zh: "页面不存在", en: "Page not found" },

  databases: { zh: "病种库", en: "Databases" },

  home: { zh: "工作台", en: "Home" },

  imports: { zh: "定义导入", en: "Imports" },
  importDefinition: { zh: "导入定义", en: "Import a definition" },

  library: { zh: "字段与规则", en: "Library & rules" },
  maskingTypes: { zh: "脱敏类型", en: "Masking types" },

  plan: { zh: "变更计划", en: "Plan" },
  releases: { zh: "发布历史", en: "Releases" },

  quality: { zh: "数据质量", en: "Data quality" },

  structure: { zh: "结构", en: "Structure" },

  users: { zh: "用户", en: "Users" },
  userBatch: { zh: "批量新建", en: "Make many" },
  accountTemplates: { zh: "账号模板", en: "Account templates" },
  accountPolicy: { zh: "账号策略", en: "Account policy" },
  directory: { zh: "目录服务", en: "Directory" },

  cohorts: { zh: "入组队列", en: "Cohorts" },
  cohort: { zh: "入组队列", en: "Cohort" },
  newCohort: { zh: "新建队列", en: "New cohort" },

  audit: { zh: "审计", en: "Audit trail" },
  patientReport: { zh: "患者访问报告", en: "Access to a patient" },
  auditIntegrity: { zh: "完整性", en: "Integrity" },
});
