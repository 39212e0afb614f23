/** Texts of the list of disease databases. */

import { defineTexts } from "../../../shared/texts";
import { names } from "../texts";

export const texts = defineTexts({
  databases: names.databases,
  find: { zh: "按名称或代码查找", en: "Find by name or code" },
  allCategories: { zh: "全部类别", en: "All categories" },
  name: { zh: "名称", en: "Name" },
  code: { zh: "代码", en: "Code" },
  category: { zh: "类别", en: "Category" },
  release: { zh: "版本", en: "Release" },
  draft: { zh: "草稿", en: "Draft" },
  recordTypes: { zh: "记录类型", en: "Record types" },
  records: { zh: "记录数", en: "Records" },
  fields: { zh: "字段数", en: "Fields" },
  released: { zh: "第 {n} 版", en: "Release {n}" },
  unreleased: { zh: "未发布", en: "Not published" },
  hasDraft: { zh: "有草稿", en: "Draft" },
  draftVersion: { zh: "草稿 v{n}", en: "Draft v{n}" },
  noDraft: { zh: "无草稿", en: "No draft" },
  notCounted: { zh: "不可见", en: "not visible" },
  emptyTitle: { zh: "还没有病种库", en: "No databases yet" },
  emptyHint: {
    zh: "由科研管理员建立病种库，发布后会出现在这里。",
    en: "A research administrator builds them; a published database appears here.",
  },
  publishedAt: { zh: "发布时间", en: "Published" },
  publishedBy: { zh: "发布人", en: "Published by" },
  description: { zh: "说明", en: "Description" },
  nothingPublished: { zh: "这个病种库还没有发布，只有草稿。", en: "This database is not published yet; there is only a draft." },
  pages: { zh: "病种库的页面", en: "Pages of the database" },
  pageData: { zh: "数据", en: "Data" },
  pageCohorts: { zh: "入组队列", en: "Cohorts" },
  pageQuality: { zh: "数据质量", en: "Quality" },
  pageStructure: { zh: "结构", en: "Structure" },
  pagePlan: { zh: "变更计划", en: "Plan" },
  pageReleases: { zh: "发布历史", en: "Releases" },
  pageImports: { zh: "定义导入", en: "Imports" },
  newBlank: { zh: "新建空白病种库", en: "New blank database" },
  importDefinition: { zh: "导入定义", en: "Import a definition" },
  open: { zh: "打开病种库", en: "Open the database" },
  unknownTitle: { zh: "没有病种库“{code}”", en: "There is no database {code}" },
  unknownHint: { zh: "地址可能写错了，病种库可能已改名，也可能没有向您开放。", en: "The address may be wrong, the database renamed, or not open to you." },
  toList: { zh: "查看全部病种库", en: "See all databases" },
});

export const CATEGORIES = defineTexts({
  department: { zh: "科室", en: "Department" },
  specialty: { zh: "专病", en: "Specialty" },
  personal: { zh: "个人", en: "Personal" },
  sub: { zh: "子库", en: "Sub-database" },
  core: { zh: "核心", en: "Core" },
});
