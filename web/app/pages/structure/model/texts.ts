/** The names of field types and of what may be set for them; why an edit does not fit. */

import { defineTexts } from "../../../../shared/texts";

export const TYPES = defineTexts({
  string: { zh: "文本", en: "Text" },
  long_text: { zh: "长文本", en: "Long text" },
  integer: { zh: "整数", en: "Integer" },
  decimal: { zh: "小数", en: "Decimal" },
  float: { zh: "浮点数", en: "Floating-point number" },
  boolean: { zh: "是否", en: "Yes/no" },
  date: { zh: "日期", en: "Date" },
  datetime: { zh: "日期时间", en: "Date and time" },
  time: { zh: "时间", en: "Time" },
  choice: { zh: "单选", en: "Single choice" },
  multi_choice: { zh: "多选", en: "Multiple choice" },
  calculated: { zh: "计算", en: "Calculated" },
});

/** Formats of a text. */
export const FORMATS = defineTexts({
  email: { zh: "电子邮箱", en: "E-mail address" },
  phone: { zh: "电话号码", en: "Telephone number" },
  identity_card: { zh: "居民身份证号码", en: "Chinese identity card number" },
  postal_code: { zh: "邮政编码", en: "Chinese postal code" },
  zip_code: { zh: "美国邮政编码", en: "US ZIP code" },
  ssn: { zh: "美国社会保障号", en: "US social security number" },
  url: { zh: "网址", en: "Web address" },
  letters: { zh: "纯字母文本", en: "Letters only" },
  digits: { zh: "纯数字文本", en: "Digits only" },
});

/** Order of day, month and year in files. */
export const TEXT_FORMATS = defineTexts({
  ymd: { zh: "年-月-日", en: "Year, month, day" },
  dmy: { zh: "日/月/年", en: "Day, month, year" },
  mdy: { zh: "月/日/年", en: "Month, day, year" },
});

export const PRECISIONS = defineTexts({
  minute: { zh: "到分钟", en: "To the minute" },
  second: { zh: "到秒", en: "To the second" },
});

/** What a calculation gives. */
export const RESULTS = defineTexts({
  number: { zh: "数字", en: "Number" },
  text: { zh: "文本", en: "Text" },
  date: { zh: "日期", en: "Date" },
  datetime: { zh: "日期时间", en: "Date and time" },
  boolean: { zh: "是否", en: "Yes/no" },
});

/** Marks in numbers as they are written in files. */
export const DECIMAL_MARKS = defineTexts({
  ".": { zh: "点 1.5", en: "Point 1.5" },
  ",": { zh: "逗号 1,5", en: "Comma 1,5" },
});

export const THOUSANDS = defineTexts({
  "": { zh: "无", en: "None" },
  ",": { zh: "逗号 1,000", en: "Comma 1,000" },
  ".": { zh: "点 1.000", en: "Point 1.000" },
  " ": { zh: "空格 1 000", en: "Space 1 000" },
  "'": { zh: "撇号 1'000", en: "Apostrophe 1'000" },
});

/** Why an edit can't be made to a document. */
export const REASONS = defineTexts({
  noType: { zh: "没有记录类型 {name}", en: "There is no record type {name}" },
  noField: { zh: "没有字段 {name}", en: "There is no field {name}" },
  noForm: { zh: "没有表单 {name}", en: "There is no form {name}" },
  noValueSet: { zh: "没有值域 {name}", en: "There is no value set {name}" },
  typeThere: { zh: "记录类型 {name} 已存在", en: "The record type {name} is already there" },
  fieldThere: { zh: "字段 {name} 已存在", en: "The field {name} is already there" },
  valueSetThere: { zh: "值域 {name} 已存在", en: "The value set {name} is already there" },
  isKey: { zh: "{name} 是主键，请先改用其他主键", en: "{name} is the key; choose another key first" },
  hasChildren: { zh: "{name} 还有下级记录类型，请先移除它们或改换上级", en: "{name} has record types below it; remove them or give them another parent first" },
  changedByOther: { zh: "对方也修改了这一项", en: "The other one changed this, too" },
});
