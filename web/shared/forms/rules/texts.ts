/** Words of reading: why what is typed is no value, as the server says it. */

import type { Words } from "../../api/types/forms.ts";

/** By the code of the problem. */
export const UNREADABLE = {
  not_boolean: { zh: "需要填写是或否", en: "yes or no is needed" },
  not_a_number: { zh: "不是数字", en: "this is not a number" },
  not_whole: { zh: "需要填写整数", en: "a whole number is needed" },
  out_of_range: { zh: "数字超出可存储的范围", en: "the number is beyond what can be stored" },
  too_precise: { zh: "小数位数超过 {n} 位", en: "there are more than {n} decimal places" },
  too_long: { zh: "文本超过 {n} 个字符", en: "the text is longer than {n} characters" },
  bad_character: { zh: "文本含有无效字符", en: "the text holds an invalid character" },
  not_a_date: { zh: "不是有效日期", en: "this is not a valid date" },
  not_a_time: { zh: "不是有效时间", en: "this is not a valid time of day" },
  no_time: { zh: "缺少时间部分，例如 2026-03-05 14:20", en: "the time is missing, e.g. 2026-03-05 14:20" },
  time_zone: { zh: "时间不能带时区，请填写本地时间", en: "a time zone is not taken here: give local time" },
  inactive_choice: { zh: "该选项已停用", en: "this choice is no longer in use" },
} as const satisfies Record<string, Words>;

/** More exactly than by the code of the problem. */
export const EXACTLY = {
  nul: { zh: "文本含有空字符（NUL）", en: "the text holds a NUL character" },
} as const satisfies Record<string, Words>;
