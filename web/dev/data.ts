/** Made-up data for looking at pages without a server: long names, many rows, every state. No real person. */

import type { Database, DatabaseSummary, Field, Job, StoredRecord, User } from "../shared/api/types";

const RESEARCH_ADMIN = [
  "view:databases", "design:databases", "approve:databases",
  "view:records", "add:records", "edit:records", "delete:records", "export:records",
];

export const USERS: Record<string, User> = {
  admin: user(1, "wang.min", "王敏", RESEARCH_ADMIN),
  new: { ...user(2, "li.na", "李娜", ["view:databases"]), must_change_password: true },
  outsider: user(3, "zhao.lei", "赵磊", []),
};

function user(id: number, name: string, display_name: string, permissions: string[]): User {
  return { id, name, display_name, roles: [], permissions, language: "zh", must_change_password: false };
}

type Row = [code: string, zh: string, en: string, category: DatabaseSummary["category"], release: number | null, draft: number, counts: (number | null)[]];

const ROWS: Row[] = [
  ["lung_nodule", "肺结节", "Lung nodule", "specialty", 12, 0, [4210, 9876, 15233, 28411]],
  ["hepatocellular_carcinoma", "原发性肝细胞癌多学科诊疗", "Hepatocellular carcinoma, multidisciplinary care", "specialty", 3, 4, [1820, 5302]],
  ["acute_ischaemic_stroke_thrombectomy", "急性缺血性卒中血管内取栓治疗多中心前瞻性登记研究（含术前影像评估与九十天随访）", "Endovascular thrombectomy for acute ischaemic stroke: multicentre prospective registry", "specialty", 7, 2, [100231, 200462, 0]],
  ["breast_mri", "乳腺磁共振", "Breast MRI", "department", null, 1, []],
  ["coronary_cta", "冠状动脉 CT 血管成像", "Coronary CT angiography", "department", 5, 0, [null, null, null]],
  ["my_thesis", "毕业课题", "", "personal", 1, 0, [36]],
  ["core", "影像核心数据", "Core imaging data", "core", 2, 0, [88120, 176003, 412]],
  ["escaped", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "sub", 1, 0, [1]],
];

const TYPES: [code: string, zh: string, en: string][] = [
  ["patient", "患者", "Patient"], ["ct_exam", "CT 检查", "CT examination"], ["report", "影像报告", "Imaging report"], ["nodule", "结节", "Nodule"],
];

export const DATABASES: DatabaseSummary[] = ROWS.map(([code, zh, en, category, release, draft_version, counts]) => ({
  code, label: { zh, en }, category, release, draft_version,
  record_types: counts.map((count, i) => {
    const [type, tzh, ten] = TYPES[i] ?? ["other", "其他", "Other"];
    return { code: type, label: { zh: tzh, en: ten }, count };
  }),
}));

const choices = [
  { code: "1", label: { zh: "男性", en: "Male" }, active: true },
  { code: "2", label: { zh: "女性", en: "Female" }, active: true },
];

function field(code: string, zh: string, en: string, more: Partial<Field> = {}): Field {
  return {
    id: code, code, label: { zh, en }, type: "string", unit: null, value_set: null, choices: null, required: false,
    required_if: null, minimum: null, maximum: null, shown_if: null, calculation: null, checks: [], identifying: false,
    visibility: "show", hidden: false, missing_codes: ["refused"], help: null, options: {}, operators: [], widget: "text",
    ...more,
  };
}

export const FIELDS: Field[] = [
  field("record_id", "研究编号", "Record ID"),
  field("name", "姓名", "Name", { visibility: "mask", identifying: true }),
  field("sex", "性别", "Sex", { type: "choice", choices }),
  field("birth_date", "出生日期", "Date of birth", { type: "date" }),
  field("height", "身高", "Height", { type: "decimal", unit: "cm" }),
  field("creatinine", "血清肌酐", "Serum creatinine", { type: "decimal", unit: "µmol/L" }),
  field("smoker", "吸烟", "Smoker", { type: "boolean" }),
  field("exam_at", "检查时间", "Time of examination", { type: "datetime" }),
  field("conclusion", "影像诊断结论", "Radiological conclusion", { type: "long_text" }),
  ...Array.from({ length: 40 }, (_, i) => field(`lab_${i + 1}`, `检验项目 ${i + 1}`, `Laboratory value ${i + 1}`, { type: "integer" })),
];

export function databaseOf(summary: DatabaseSummary): Database {
  return {
    ...summary, release: summary.release ?? 0, published_at: "2026-03-05T06:20:07+00:00", published_by: "wang.min",
    description: { zh: "患者的检查、报告、结节、病理、治疗与随访。", en: "Examinations, reports, nodules, pathology, treatment and follow-up." },
    may: ["view"], value_sets: {}, events: [], forms: [],
    record_types: summary.record_types.map(({ code, label }) => ({
      id: code, code, label, parent: null, repeats: false, events: [], key: null, storage: "managed", writer: "records", fields: FIELDS,
    })),
  };
}

const REPORT = "右肺上叶尖段见一混合磨玻璃结节，大小约 12 mm×9 mm，边缘可见分叶及短毛刺，邻近胸膜牵拉；余肺野清晰，纵隔未见肿大淋巴结。";

export function recordOf(i: number): StoredRecord {
  const labs = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`lab_${n + 1}`, (i * 37 + n * 911) % 5000]));
  return {
    id: i + 1, version: 1, parent: null, patient: i + 1, event: null, repeat_key: null, status: "complete", release: 12,
    created_by: "wang.min", created_at: "2026-03-05T06:20:07+00:00", updated_by: "wang.min", updated_at: "2026-03-05T06:20:07+00:00",
    values: {
      record_id: `LN-${String(i + 1).padStart(6, "0")}`, name: "＊＊＊", sex: i % 11 === 0 ? null : String((i % 2) + 1),
      birth_date: `19${40 + (i % 60)}-0${(i % 9) + 1}-15`, height: (150 + (i % 400) / 10).toFixed(1), creatinine: i % 7 === 0 ? null : (40 + (i % 900) / 10).toFixed(1),
      smoker: i % 3 === 0, exam_at: `2026-03-0${(i % 9) + 1}T14:20:00`, conclusion: REPORT, ...labs,
    },
    missing: i % 11 === 0 ? { sex: "refused" } : {},
  };
}

function job(id: number, kind: string, state: Job["state"], more: Partial<Job> = {}): Job {
  return {
    id, kind, state, progress: 0, total: null, result: null, error: null, cancel_requested: false, created_by: "wang.min",
    created_at: "2026-03-05T06:20:07+00:00", started_at: null, finished_at: null, log: [], ...more,
  };
}

export const JOBS: Job[] = [
  job(9, "records.import", "running", { progress: 41200, total: 100231 }),
  job(8, "records.export", "queued"),
  job(7, "plan.apply", "failed", {
    error: { code: "BackfillFailed", zh: "12 个值不能转换为数字，已保留原值；请查看清单后修正。", en: "12 values can't become numbers; the raw values are kept. See the list and mend them." },
    finished_at: "2026-03-05T05:10:00+00:00",
  }),
  job(6, "records.export", "done", { progress: 4210, total: 4210, result: { file_id: 3 }, finished_at: "2026-03-04T09:00:00+00:00" }),
  job(5, "records.import", "cancelled", { progress: 12, total: 500, finished_at: "2026-03-01T09:00:00+00:00" }),
];
