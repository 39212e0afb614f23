/** Texts of the editor of rules, its help and its explanations. */

import { defineTexts } from "../../shared/texts";

export const texts = defineTexts({
  placeholder: { zh: "输入字段名，或按 Ctrl+空格 选择", en: "Type a field, or Ctrl+Space to choose" },
  functions: { zh: "函数", en: "Functions" },
  functionsHint: { zh: "查看并插入函数", en: "Look up and insert functions" },
  inChinese: { zh: "整理规则，词语用中文", en: "Tidy up, with Chinese words" },
  inEnglish: { zh: "整理规则，词语用英文", en: "Tidy up, with English words" },
  tools: { zh: "规则工具", en: "Tools for the rule" },
  toolsHint: { zh: "规则工具。键盘：Ctrl+空格 选择，F8 转到错误，Esc 再 Tab 离开", en: "Tools for the rule. Keys: Ctrl+Space chooses, F8 goes to a mistake, Esc and Tab leave" },
  notFormatted: { zh: "规则没有改写", en: "The rule was not rewritten" },
  changeTo: { zh: "改为 {name}", en: "Change to {name}" },
  goThere: { zh: "转到出错的位置", en: "Go to the place" },
  notChecked: { zh: "暂时无法检查：{reason}", en: "Not checked for now: {reason}" },
  checkAgain: { zh: "重新检查", en: "Check again" },
  notACondition: { zh: "此处需要条件，例如 [age] >= 60", en: "A condition is needed here, such as [age] >= 60" },
  notANumber: { zh: "此处需要数值", en: "A number is needed here" },
  tooLong: { zh: "规则有 {n} 个字符，最多 {most} 个", en: "The rule has {n} characters, the limit is {most}" },

  findFunction: { zh: "按名称或用途查找", en: "Find by name or purpose" },
  noFunction: { zh: "没有符合的函数", en: "No function fits" },
  insertFunction: { zh: "插入 {name}", en: "Insert {name}" },
  count: { zh: "{n} 个函数", en: { one: "{n} function", other: "{n} functions" } },
  gives: { zh: "得", en: "gives" },

  explain: { zh: "逐步求值", en: "Explain" },
  explainHint: { zh: "在一条记录上逐步求值", en: "Evaluate step by step on a record" },
  chooseRecord: { zh: "选择一条记录", en: "Choose a record" },
  findRecord: { zh: "输入编号或记录号查找", en: "Find by key or record number" },
  noRecord: { zh: "没有符合的记录", en: "No record fits" },
  noRecordHint: { zh: "选择记录后，这里逐步显示每个部分的值", en: "Once a record is chosen, each part is shown with its value" },
  nothingToExplain: { zh: "先写一条规则", en: "Write a rule first" },
  isTrue: { zh: "真", en: "true" },
  isFalse: { zh: "假", en: "false" },
  isUnknown: { zh: "未知", en: "unknown" },
  isMissing: { zh: "缺失", en: "missing" },
  isHidden: { zh: "无权查看", en: "not shown to you" },
  related: { zh: "{n} 条记录", en: { one: "{n} record", other: "{n} records" } },
  listed: { zh: "、", en: ", " },
  because: { zh: "因为缺失 {fields}", en: "because {fields} is missing" },
});
