/** Texts of the jobs drawer, and the names of the kinds of jobs that carry no label of their own. */

import { defineTexts } from "../../shared/texts";

export const texts = defineTexts({
  job: { zh: "任务", en: "Job" },
  jobs: { zh: "任务", en: "Jobs" },
  noJobs: { zh: "没有任务", en: "No jobs" },
  noJobsHint: {
    zh: "导入、导出和发布等耗时操作会在这里显示进度。",
    en: "Imports, exports, publishing and other long work show their progress here.",
  },
  active: { zh: "{n} 个任务进行中", en: { one: "{n} job running", other: "{n} jobs running" } },
});

export const KINDS = defineTexts({
  "users.batch": { zh: "批量新建用户", en: "Make users in batch" },
  "records.import": { zh: "导入记录", en: "Import of records" },
  "definitions.import": { zh: "导入定义", en: "Import of a definition" },
  "records.export": { zh: "导出记录", en: "Export of records" },
  "records.recalculate": { zh: "重新计算字段", en: "Calculation of fields anew" },
  "quality.run": { zh: "检查数据质量", en: "Check of data quality" },
  "audit.export": { zh: "导出审计记录", en: "Export of the audit trail" },
  "audit.verify": { zh: "核验审计记录", en: "Proof of the audit trail" },
  "plan.apply": { zh: "发布变更", en: "Publishing of changes" },
});
