/** Texts of the pages for masking types. */

import { defineTexts } from "../../../shared/texts";
import { names } from "../texts";

export const texts = defineTexts({
  library: names.library,
  maskingTypes: names.maskingTypes,
  hint: {
    zh: "没有权限看原值的人，在页面、导出文件和接口中看到的都是脱敏后的值。字段在“结构”页选用这里的类型。",
    en: "Those who may not see a value see it masked on every page, in files and by the interface. Fields choose a type on the structure page.",
  },
  find: { zh: "名称或编码", en: "Name or code" },
  newType: { zh: "新建脱敏类型", en: "New masking type" },
  emptyTitle: { zh: "还没有脱敏类型", en: "No masking types yet" },
  emptyHint: { zh: "标为身份信息而没有脱敏类型的字段会全部遮盖。", en: "Identifying fields without one are covered whole." },

  name: { zh: "名称", en: "Name" },
  nameZh: { zh: "中文名称", en: "Chinese name" },
  nameEn: { zh: "英文名称", en: "English name" },
  code: { zh: "编码", en: "Code" },
  codeHint: { zh: "小写字母开头，可含小写字母、数字和下划线；建立后不能修改", en: "A small letter first, then small letters, digits and _; fixed once made" },
  codeTaken: { zh: "这个编码已被使用", en: "This code is taken" },
  codeWrong: { zh: "须以小写字母开头，只含小写字母、数字和下划线", en: "Use small letters, digits and _, a letter first" },
  method: { zh: "方法", en: "Method" },
  example: { zh: "示例", en: "Example" },
  exampleHint: { zh: "虚构的值，列表和“结构”页用它说明效果", en: "An invented value that shows the effect in lists" },
  uses: { zh: "使用字段", en: "Fields" },
  state: { zh: "状态", en: "State" },
  live: { zh: "生效中", en: "Live" },
  drafted: { zh: "有草稿", en: "Draft waits" },
  notLive: { zh: "未生效", en: "Not live" },
  description: { zh: "说明", en: "Description" },

  leaves: { zh: "不能保护：{text}", en: "Does not protect: {text}" },
  promises: { zh: "保证：{text}", en: "Promises: {text}" },
  range: { zh: "{low} 至 {high}", en: "{low} to {high}" },

  preview: { zh: "预览", en: "Preview" },
  previewHint: { zh: "左边输入或使用虚构的值，右边是没有权限的人看到的。请不要输入真实患者的信息。", en: "Type samples, or use the invented ones; at the right is what others see. Do not type data of real patients." },
  before: { zh: "原值", en: "Value" },
  after: { zh: "脱敏后", en: "Masked" },
  sample: { zh: "样例 {n}", en: "Sample {n}" },
  invent: { zh: "换回虚构样例", en: "Invented samples" },
  addSample: { zh: "添加一行", en: "Add a line" },
  keyed: { zh: "预览的密钥与病种库不同，实际的替换结果会不一样。", en: "Previews have a key of their own: in a database the replacements are others." },

  usedBy: { zh: "使用它的字段", en: "Fields that use it" },
  notUsed: { zh: "还没有已发布的字段使用它", en: "No published field uses it" },
  notIdentifying: { zh: "未标为身份信息，不会脱敏", en: "Not identifying, so never masked" },
  more: { zh: "显示更多", en: "Show more" },
  moreFailed: { zh: "没有取到更多字段", en: "More fields could not be read" },

  publish: { zh: "保存并立即生效", en: "Save and make it live" },
  publishTitle: { zh: "{name} 立即按新方式脱敏？", en: "Mask by {name} in the new way at once?" },
  publishFields: { zh: "{n} 个字段的显示和导出立即改变。", en: { one: "{n} field is shown and exported in the new way at once.", other: "{n} fields are shown and exported in the new way at once." } },
  publishKept: { zh: "存储的数据不变；改回原来的设置即可恢复。已导出的文件不会改变。", en: "Stored data stays as it is: the former settings bring the former masks back. Files that were exported stay as they are." },
  published: { zh: "{name} 已生效", en: "{name} is live" },
  saveDraft: { zh: "存为草稿", en: "Keep as a draft" },
  draftSaved: { zh: "{name} 的草稿已保存，尚未生效", en: "The draft of {name} is kept; it is not live" },
  hasDraft: { zh: "这里显示的是尚未生效的草稿。", en: "What you see is a draft that is not live." },
  dropDraft: { zh: "放弃草稿", en: "Throw the draft away" },
  dropTitle: { zh: "放弃 {name} 的草稿？", en: "Throw the draft of {name} away?" },
  dropLive: { zh: "生效中的设置不变，草稿不能找回。", en: "What is live stays; the draft can't be brought back." },
  dropNew: { zh: "它从未生效，放弃后就没有了。", en: "It was never live, so nothing of it is left." },
  dropped: { zh: "草稿已放弃", en: "The draft is gone" },
  cancel: { zh: "取消", en: "Cancel" },
  notSaved: { zh: "没有保存，填写的内容都在", en: "Not saved; what you typed is kept" },
});
