/** Small databases of a test's own, published by the API, so that no test stands in another's way. */

import type { Caller } from "./caller.ts";

interface Words {
  zh: string;
  en: string;
}

export interface FieldOf {
  code: string;
  label: Words;
  type: string;
  [more: string]: unknown;
}

export const words = (zh: string, en = zh): Words => ({ zh, en });

export function field(code: string, zh: string, type = "string", more: Record<string, unknown> = {}): FieldOf {
  return { code, label: words(zh, code), type, ...more };
}

const SEX = { label: words("性别", "Sex"), choices: [{ code: "1", label: words("男", "Male") }, { code: "2", label: words("女", "Female") }] };

/** Patients with a number, a name, a sex, a height and a checked weight, and their visits. */
export function clinic(code: string, label: string, more: FieldOf[] = []): Record<string, unknown> {
  return {
    kind: "database", code, label: words(label, code), category: "personal",
    value_sets: { sex: SEX },
    record_types: [
      {
        code: "patient", label: words("患者", "Patient"), parent: null, key: "number",
        fields: [
          field("number", "编号", "string", { required: true }),
          field("name", "姓名"),
          field("sex", "性别", "choice", { value_set: "sex" }),
          field("height", "身高", "decimal", { unit: "cm", minimum: 50, maximum: 250 }),
          field("weight", "体重", "decimal", {
            unit: "kg",
            checks: [{ expression: "[weight] < 200", message: words("体重超过 200 kg，请核对", "More than 200 kg: check"), severity: "warning" }],
          }),
          field("note", "备注", "long_text"),
          ...more,
        ],
      },
      {
        code: "visit", label: words("就诊", "Visit"), parent: "patient", repeats: true,
        fields: [field("on", "日期", "date", { required: true }), field("pulse", "脉搏", "integer")],
      },
    ],
    forms: [],
  };
}

/** Plan and publish the draft of `code`, approving what it may lose. */
export async function publish(designer: Caller, code: string): Promise<void> {
  const plan = await designer.post<{ id: number; safety: string }>(`/databases/${code}/plans`);
  if (plan.safety !== "safe") await designer.post(`/plans/${plan.id}/approve`);
  await designer.post(`/plans/${plan.id}/publish`);
}

/** Make `document` a live database, open to those who fill and read it. */
export async function live(designer: Caller, document: Record<string, unknown>): Promise<void> {
  await closed(designer, document);
  await open(designer, String(document.code));
}

/** Make `document` a live database that nobody was let into yet. */
export async function closed(designer: Caller, document: Record<string, unknown>): Promise<void> {
  await designer.post("/databases", { document });
  await publish(designer, String(document.code));
}

/** Let researchers and readers work with the records of `code`, identities masked. */
export async function open(designer: Caller, code: string): Promise<void> {
  for (const [role, actions] of [["researcher", ["view", "add", "edit", "export"]], ["reader", ["view"]]] as const) {
    await designer.post("/access/grants", { subject: { kind: "role", value: role }, resource: code, actions, grade: 2, reason: "journey" });
  }
}

/** Edit the draft of `code` and publish it. */
export async function change(designer: Caller, code: string, ...edits: Record<string, unknown>[]): Promise<void> {
  const { version } = await designer.get<{ version: number }>(`/databases/${code}/draft`);
  await designer.post(`/databases/${code}/draft/edits`, { expected_version: version, edits });
  await publish(designer, code);
}

interface SavedRecord {
  record: { id: number; version: number };
}

/** Add one record; its id. */
export async function add(caller: Caller, database: string, type: string, values: Record<string, unknown>, parent?: number): Promise<number> {
  const body = { values, ...(parent !== undefined && { parent }) };
  return (await caller.post<SavedRecord>(`/databases/${database}/records/${type}`, body)).record.id;
}
