/** Texts of the data quality of a database. */

import { defineTexts } from "../../../shared/texts";
import { names } from "../texts";

export const texts = defineTexts({
  quality: names.quality,
  checkAct: { zh: "检查全部记录", en: "Check all records" },
  waiting: { zh: "等待检查…", en: "Waiting to check…" },
  running: { zh: "正在检查：已完成 {done} / {total} 个记录类型", en: "Checking: {done} of {total} record types done" },
  runFailed: { zh: "检查没有完成：{why} 已有的结果保持不变。", en: "The check was not finished: {why} Earlier results are kept." },
  runStopped: { zh: "检查已停止，已统计的结果保持不变。", en: "The check was stopped; what it had counted is kept." },
  stop: { zh: "停止", en: "Stop" },
  stopping: { zh: "正在停止…", en: "Stopping…" },
  checkFailed: { zh: "没有开始检查", en: "The check was not started" },
  checkedAt: { zh: "上次检查：{at}（第 {release} 版）", en: "Last check: {at} (release {release})" },
  neverChecked: { zh: "还没有检查过", en: "Not checked yet" },
  ownRows: { zh: "以下为您有权查看的记录，刚刚统计。", en: "Counted just now over the records you may see." },

  allTypes: { zh: "全部记录类型", en: "All record types" },
  brokenOnly: { zh: "只看有问题的规则", en: "Broken rules only" },
  recordType: { zh: "记录类型", en: "Record type" },
  field: { zh: "字段", en: "Field" },
  rule: { zh: "规则", en: "Rule" },
  severity: { zh: "级别", en: "Severity" },
  failed: { zh: "不符合", en: "Broken by" },
  unknown: { zh: "无法判断", en: "Can't be told" },
  total: { zh: "记录数", en: "Records" },
  course: { zh: "历次检查", en: "Course" },

  error: { zh: "错误", en: "Error" },
  warning: { zh: "警告", en: "Warning" },
  requiredRule: { zh: "必填", en: "Required" },
  requiredWhen: { zh: "满足 {condition} 时必填", en: "Required where {condition}" },
  within: { zh: "应在 {low} 至 {high} 之间", en: "From {low} to {high}" },
  atLeast: { zh: "不小于 {low}", en: "At least {low}" },
  atMost: { zh: "不大于 {high}", en: "At most {high}" },
  today: { zh: "今天", en: "today" },
  now: { zh: "现在", en: "now" },
  cantCount: { zh: "无法统计：{why}", en: "Can't be counted: {why}" },
  stepTold: { zh: "{at}（第 {release} 版）：{failed} 条不符合", en: "{at} (release {release}): broken by {failed}" },
  showRecords: { zh: "查看 {n} 条记录", en: { one: "Show {n} record", other: "Show {n} records" } },

  showUnknown: { zh: "查看 {n} 条无法判断的记录", en: { one: "Show {n} record for which it can't be told", other: "Show {n} records for which it can't be told" } },

  noRules: { zh: "没有质量规则", en: "No quality rules" },
  noRulesHint: {
    zh: "为字段设置校验、必填或取值范围并发布后，这里会检查全部已有记录。",
    en: "Give fields checks, requirements or ranges and publish; all stored records are then checked here.",
  },
  nothingBroken: { zh: "没有发现有问题的规则", en: "No broken rule was found" },
  nothingBrokenHint: {
    zh: "这里只列出检查时有记录不符合的规则；还没有检查过时也是空的。",
    en: "Only rules that some record broke at the check are listed; before the first check there are none.",
  },
  showAll: { zh: "查看全部规则", en: "Show all rules" },
});
