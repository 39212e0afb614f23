/** Texts of the workbench, the first page. */

import { defineTexts } from "../../../shared/texts";

export const texts = defineTexts({
  home: { zh: "工作台", en: "Home" },
  greeting: { zh: "{name}，您好", en: "Welcome, {name}" },
  myDatabases: { zh: "我的病种库", en: "My databases" },
  allDatabases: { zh: "全部病种库", en: "All databases" },
  noDatabases: { zh: "还没有可用的病种库", en: "No databases for you yet" },
  noDatabasesHint: {
    zh: "病种库发布并授权给您之后，会出现在这里。",
    en: "A database appears here once it is published and you are given access.",
  },
  recordTypes: { zh: "{n} 类记录", en: { one: "{n} record type", other: "{n} record types" } },
  records: { zh: "{n} 条记录", en: { one: "{n} record", other: "{n} records" } },
  recentJobs: { zh: "最近的任务", en: "Recent jobs" },
  needsMe: { zh: "待我处理", en: "Waiting for me" },
  nothingWaits: { zh: "没有待处理的事项", en: "Nothing is waiting for you" },
  draftOf: { zh: "{name} 有未发布的草稿", en: "{name} has an unpublished draft" },
  failedJob: { zh: "任务“{name}”失败", en: 'The job "{name}" failed' },
});
