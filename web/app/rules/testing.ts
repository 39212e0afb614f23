/** For tests: a small language with the server's own patterns, and a lung clinic with lesions below examinations. */

import type { RuleFunction, Vocabulary } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import type { Catalogue, RuleField } from "./catalogue";
import { withLexer } from "./vocabulary";

const token = (kind: string, pattern: string, ignores_case = false) => ({ kind, pattern, ignores_case });

function aFunction(name: string, zh: string, ...parameters: string[]): RuleFunction {
  return {
    name, zh, result: "number", doc: { zh: `${zh}的说明`, en: `About ${name}` }, example: `${name}(1)`, gives: "1",
    parameters: parameters.map((each) => ({ name: each.replace("?", ""), zh: each.replace("?", ""), optional: each.endsWith("?"), repeats: false, words: [] })),
  };
}

export const vocabulary: Vocabulary = {
  tokens: [
    token("keyword", "不属于|不缺失"),
    token("keyword", "contains(?![A-Za-z0-9_])|包含", true),
    token("keyword", "missing(?![A-Za-z0-9_])|缺失", true),
    token("operator", "<=|>=|<>|!=|==|=|<|>|[≤≥≠]|大于等于|等于|大于"),
    token("constant", "true(?![A-Za-z0-9_])|真", true),
    token("keyword", "and(?![A-Za-z0-9_])|并且|且", true),
    token("keyword", "has(?![A-Za-z0-9_])|勾选", true),
    token("keyword", "not(?![A-Za-z0-9_])|非", true),
    token("keyword", "or(?![A-Za-z0-9_])|或者|或", true),
    token("keyword", "is(?![A-Za-z0-9_])|为|是", true),
    token("keyword", "in(?![A-Za-z0-9_])|属于", true),
    token("name", "[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*"),
    token("number", "(\\d+(\\.\\d*)?|\\.\\d+)(e[+-]?\\d+)?(?![A-Za-z0-9_.])", true),
    token("text", "'([^']|'')*'|\"([^\"]|\"\")*\"|“[^”]*”|‘[^’]*’"),
    token("field", "[\\[［【][^\\[\\]［］【】\n]+[\\]］】]"),
    token("name", "[㐀-鿿]+(?=\\s*[(（])"),
    token("space", "\\s+"),
    token("moment", "@\\d{4}-\\d{2}-\\d{2}"),
    token("comma", "[,，、]"),
    token("operator", "[+*/-]"),
    token("close", "[)）]"),
    token("open", "[(（]"),
  ],
  words: [
    { word: "and", en: "and", zh: "且" },
    { word: "or", en: "or", zh: "或" },
    { word: "not", en: "not", zh: "非" },
    { word: "in", en: "in", zh: "属于" },
    { word: "not in", en: "not in", zh: "不属于" },
    { word: "is missing", en: "is missing", zh: "缺失" },
    { word: "missing", en: "missing", zh: "缺失" },
    { word: "true", en: "true", zh: "真" },
    { word: "false", en: "false", zh: "假" },
    { word: "contains", en: "contains", zh: "包含" },
    { word: "has", en: "has", zh: "勾选" },
  ],
  operators: [{ operator: "=", zh: "等于" }, { operator: ">", zh: "大于" }, { operator: ">=", zh: "大于等于" }],
  units: [{ unit: "month", en: "months", zh: "个月" }, { unit: "minute", en: "minutes", zh: "分钟" }],
  functions: [aFunction("round", "四舍五入", "number", "digits?"), aFunction("max", "最大值", "value"), aFunction("any", "任一", "records", "condition"), aFunction("today", "今天")],
};

export const words = withLexer(vocabulary);

const label = (zh: string, en: string): Label => ({ zh, en });
const field = (code: string, zh: string, type = "decimal", more: Partial<RuleField> = {}): RuleField => ({ code, label: label(zh, code), type, unit: "", choices: [], ...more });
const SEX = [{ code: "1", label: label("男", "male") }, { code: "2", label: label("女", "female") }];

export const catalogue: Catalogue = [
  { id: "patient", code: "patient", label: label("患者", "Patient"), parent: null, fields: [
    field("age", "年龄", "integer", { unit: "岁" }), field("sex", "性别", "choice", { choices: SEX }), field("smoker", "吸烟", "boolean"), field("note", "备注", "string"), field("remark", "备注", "string"),
  ] },
  { id: "exam", code: "exam", label: label("检查", "Examination"), parent: "patient", fields: [field("day", "检查日期", "date")] },
  { id: "lesion", code: "lesion", label: label("病灶", "Lesion"), parent: "exam", fields: [
    field("size", "大小", "decimal", { unit: "mm" }), field("side", "侧别", "choice", { choices: [{ code: "L", label: label("左", "left") }, { code: "R", label: label("右", "right") }] }), field("age", "发现时年龄", "integer"),
  ] },
];
