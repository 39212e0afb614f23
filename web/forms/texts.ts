/** Texts of the form's page: our own, and the renderer's in place of its English ones. */

import { defineTexts, type Language, type Lookup, lookupIn } from "../shared/texts";

export const texts = defineTexts({
  yes: { zh: "是", en: "Yes" },
  no: { zh: "否", en: "No" },
  reason: { zh: "未填写原因", en: "Why missing" },
  noReason: { zh: "（不说明）", en: "(none given)" },
  pickDate: { zh: "选择日期", en: "Pick a date" },
  pickTime: { zh: "选择时间", en: "Pick a time" },
  tooLongToPaste: { zh: "要粘贴的文字有 {n} 字，超过上限 {most} 字，没有粘贴。", en: { one: "{n} character to paste; at most {most} fit. Nothing was pasted.", other: "{n} characters to paste; at most {most} fit. Nothing was pasted." } },
  computed: { zh: "算", en: "calc" },
  masked: { zh: "已脱敏", en: "Masked" },
  replace: { zh: "替换", en: "Replace" },
  replaceHint: { zh: "填写新值来替换看不到的原值；原值留在修订历史中", en: "Type a new value in place of the one you can't see; that one stays in the history" },
  keep: { zh: "保留原值", en: "Keep the old value" },
});

/** Keys are the renderer's own. */
export const rendererTexts = defineTexts({
  loading: { zh: "正在加载…", en: "Loading…" },
  noResultsFound: { zh: "没有符合的选项", en: "No such choice" },
  noChoices: { zh: "没有可选的选项", en: "Nothing to choose from" },
  typeToSearch: { zh: "输入文字查找", en: "Type to search" },
  removeItem: { zh: "移除", en: "Remove" },
  autocomplete: { zh: "自动填写", en: "Autocomplete" },
  required: { zh: "必填", en: "Required" },
  words: { zh: "词", en: "words" },
  characters: { zh: "字", en: "characters" },
  clickToSetValue: { zh: "点击填写", en: "Click to set the value" },
  noSelectDataConfiguration: { zh: "选项没有配置", en: "The choices are not set up" },
  loadResourcesError: { zh: "选项未能加载", en: "The choices could not be loaded" },
  unknownComponent: { zh: "未知的控件", en: "Unknown component" },
  error: { zh: "请更正下列问题", en: "Please correct the following" },
});

export type Words = Lookup<typeof texts>;

export function wordsIn(language: "zh" | "en"): Words {
  return lookupIn(texts, () => tag(language));
}

/** The renderer's dictionary in one language. */
export function dictionary(language: "zh" | "en"): Record<string, string> {
  return Object.fromEntries(Object.entries(rendererTexts).map(([key, text]) => [key, language === "zh" ? text.zh : text.en]));
}

function tag(language: "zh" | "en"): Language {
  return language === "zh" ? "zh-CN" : "en";
}
