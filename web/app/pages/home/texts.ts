/** Texts of the workbench, the first page. */

import { defineTexts } from "../../../shared/texts";
import { names } from "../texts";

export const texts = defineTexts({
  home: names.home,
  greeting: { zh: "{name}，您好", en: "Welcome, {name}" },

  myDatabases: { zh: "我的病种库", en: "My databases" },
  allDatabases: { zh: "全部病种库", en: "All databases" },
  moreDatabases: { zh: "另有 {n} 个病种库", en: { one: "{n} more database", other: "{n} more databases" } },
  records: { zh: "{n} 条记录", en: { one: "{n} record", other: "{n} records" } },

  recentRecords: { zh: "我最近处理的记录", en: "My recent records" },
  noRecent: { zh: "还没有处理过记录", en: "You have not worked on records yet" },
  noRecentHint: { zh: "您录入或修改的记录会出现在这里，方便接着做。", en: "Records you enter or change appear here, to go on with." },
  openData: { zh: "打开“{name}”的数据", en: "Open the data of {name}" },
  added: { zh: "新增", en: "Added" },
  changed: { zh: "修改", en: "Changed" },
  restored: { zh: "还原", en: "Restored" },

  needsMe: { zh: "待我处理", en: "Waiting for me" },
  nothingWaits: { zh: "没有待处理的事项", en: "Nothing is waiting for you" },
  accessRequest: { zh: "{by} 申请访问“{name}”", en: "{by} asks for access to {name}" },
  emergency: { zh: "{by} 对“{name}”的紧急查看待复核", en: "The emergency access of {by} to {name} is to be reviewed" },
  approval: { zh: "{by} 请您批准“{name}”的变更计划", en: "{by} asks you to approve the plan for {name}" },
  ownApproval: { zh: "您为“{name}”做的变更计划等待批准", en: "Your plan for {name} waits for approval" },
  planReady: { zh: "“{name}”的变更计划已批准，可以发布", en: "The plan for {name} is approved and can be published" },
  planUnfinished: { zh: "“{name}”的发布中断了，请继续或放弃", en: "Publishing {name} was interrupted; resume or abandon it" },
  draft: { zh: "“{name}”有您未发布的草稿", en: "{name} has a draft of yours that is not published" },
  draftErrors: { zh: "{n} 处错误，改正后才能发布", en: { one: "{n} error keeps it from being published", other: "{n} errors keep it from being published" } },
  draftWarnings: { zh: "{n} 处提醒", en: { one: "{n} warning", other: "{n} warnings" } },
  seen: { zh: "知道了", en: "Dismiss" },

  recentJobs: { zh: "最近的任务", en: "Recent jobs" },
  allJobs: { zh: "全部任务", en: "All jobs" },
  recentNotices: { zh: "最近的通知", en: "Recent notices" },
  allNotices: { zh: "全部通知", en: "All notices" },

  startTitle: { zh: "从这里开始", en: "Start here" },
  startDesigner: { zh: "还没有病种库。建好第一个只要三步：", en: "There is no database yet. The first one takes three steps:" },
  stepMake: { zh: "导入现有的字段表（REDCap、ARC、YAML），或新建空白病种库", en: "Import a dictionary you have (REDCap, ARC, YAML), or begin with a blank database" },
  stepShape: { zh: "调整记录类型、字段、选项和校验规则", en: "Shape record types, fields, choices and checks" },
  stepPublish: { zh: "查看变更计划并发布，录入表单随即可用", en: "Look at the plan and publish; entry forms are there at once" },
  importDefinition: { zh: "导入定义", en: "Import a definition" },
  newDatabase: { zh: "新建病种库", en: "New database" },
  startResearcher: { zh: "还没有可用的病种库", en: "No databases for you yet" },
  startResearcherHint: {
    zh: "科研管理员发布病种库后，会出现在这里，您就可以录入和查找记录。",
    en: "Once a research administrator publishes a database it appears here, for you to enter and find records.",
  },
  startReaderHint: {
    zh: "科研管理员发布病种库后，会出现在这里供您查阅。",
    en: "Once a research administrator publishes a database it appears here for you to read.",
  },
  startOtherHint: {
    zh: "您的角色不处理病种库的数据。需要时请联系医院管理员调整角色。",
    en: "Your role does not work with databases. If it should, ask the hospital administrator to change it.",
  },
});
