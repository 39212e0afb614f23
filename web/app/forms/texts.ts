/** Texts around forms. */

import { defineTexts } from "../../shared/texts";

export const texts = defineTexts({
  form: { zh: "表单", en: "Form" },
  slow: { zh: "表单还没有打开。请检查网络，或重新载入表单；已填写的内容不会丢失。", en: "The form has not opened yet. Check the connection, or load the form again; nothing typed is lost." },
  reload: { zh: "重新载入表单", en: "Load the form again" },
  entry: { zh: "录入形式", en: "To fill in" },
  display: { zh: "展示形式", en: "To show" },
  previewHint: { zh: "可以试填，不会保存。跳转与计算规则在发布后的录入页面生效。", en: "You may try it out; nothing is saved. Skips and calculations work in the published form." },
  leftOut: { zh: "{n} 个字段的定义还有问题，没有显示：{fields}", en: { one: "{n} field is not shown, as its definition has problems: {fields}", other: "{n} fields are not shown, as their definitions have problems: {fields}" } },
  noFields: { zh: "还没有字段", en: "There are no fields yet" },
  noFieldsHint: { zh: "添加字段后，这里就是录入时看到的表单。", en: "Once fields are added, this is the form as it is filled in." },
});
