/** Texts of record types and their settings. */

import { defineTexts } from "../../../../shared/texts";

export const treeTexts = defineTexts({
  add: { zh: "新增记录类型", en: "New record type" },
  addTitle: { zh: "新增记录类型", en: "New record type" },
  editTitle: { zh: "记录类型：{name}", en: "Record type: {name}" },
  settings: { zh: "设置 {name}", en: "Settings of {name}" },
  code: { zh: "编码", en: "Code" },
  codeHelp: { zh: "小写字母、数字和下划线；规则和接口用它称呼这类记录。改名后规则自动跟随。", en: "Small letters, digits and _; rules and the API call it so. Rules follow a rename." },
  nameZh: { zh: "中文名", en: "Chinese name" },
  nameEn: { zh: "英文名", en: "English name" },
  parent: { zh: "上级", en: "Parent" },
  noParent: { zh: "无（最上级，一个病种库只有一个）", en: "None (the top; a database has one)" },
  parentHelp: { zh: "这类记录属于哪一类记录，例如 CT 检查属于患者。", en: "What it belongs to: a CT examination belongs to a patient." },
  repeats: { zh: "可重复", en: "Repeats" },
  repeatsHelp: { zh: "每条上级记录下可以有多条。", en: "There may be several below each parent." },
  keyField: { zh: "主键", en: "Key" },
  noKey: { zh: "无", en: "None" },
  keyHelp: { zh: "用来称呼一条记录的字段，例如患者编号。导入数据时按它对应已有记录。", en: "The field a record is called by, such as a patient's number. Imports find existing records by it." },
  events: { zh: "访视", en: "Events" },
  eventsHelp: { zh: "在哪些访视填写。", en: "At which events it is filled in." },
  create: { zh: "新增“{name}”", en: 'Add "{name}"' },
  save: { zh: "保存设置", en: "Save the settings" },
  cancel: { zh: "取消", en: "Cancel" },
  remove: { zh: "移除记录类型…", en: "Remove the record type…" },
  removeTitle: { zh: "移除记录类型“{name}”？", en: 'Remove the record type "{name}"?' },
  removeAct: { zh: "移除“{name}”", en: 'Remove "{name}"' },
  removeGoes: { zh: "它的 {n} 个字段和表单从定义中拿掉；发布后不再出现在界面、检索和导出中。", en: { one: "Its {n} field and its forms leave the definition; once published it appears nowhere.", other: "Its {n} fields and its forms leave the definition; once published they appear nowhere." } },
  removeStays: { zh: "已有的数据不删除；发布前可以撤销，发布后可回到以前的版本。", en: "Data is not deleted; undo it before publishing, or go back to an earlier release." },
  removeRefused: { zh: "没有移除", en: "Not removed" },
});
