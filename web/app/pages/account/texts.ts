/** Texts of the login and password pages, and of the page that is not there. */

import { defineTexts } from "../../../shared/texts";

export const texts = defineTexts({
  login: { zh: "登录", en: "Sign in" },
  purpose: { zh: "医院影像科研平台", en: "A platform for hospital imaging research" },
  name: { zh: "用户名", en: "User name" },
  password: { zh: "密码", en: "Password" },
  signIn: { zh: "登录", en: "Sign in" },
  forgot: { zh: "忘记密码时，请联系医院管理员重置。", en: "Forgotten? The hospital administrator can reset it." },

  changePassword: { zh: "修改密码", en: "Change password" },
  mustChange: {
    zh: "您使用的是一次性密码，请先设置自己的密码。",
    en: "You signed in with a one-time password. Choose your own first.",
  },
  oldPassword: { zh: "当前密码", en: "Current password" },
  newPassword: { zh: "新密码", en: "New password" },
  repeat: { zh: "再次输入新密码", en: "New password again" },
  save: { zh: "保存新密码", en: "Save the new password" },
  saved: { zh: "密码已修改，您在其他设备上的登录已退出", en: "Password changed; your other logins have ended" },
  passwordExpired: {
    zh: "您的密码已到期，请先设置新密码。",
    en: "Your password has reached its age. Choose a new one first.",
  },
  ruleLength: { zh: "至少 {n} 个字符", en: "At least {n} characters" },
  ruleKinds: {
    zh: "含小写、大写、数字、其他中的 {n} 类",
    en: { one: "Characters of {n} kind (lower, upper, digit, other)", other: "Characters of {n} kinds (lower, upper, digit, other)" },
  },
  ruleCommon: { zh: "不是常见密码，也不是最近用过的密码（保存时检查）", en: "No common or recent password (checked when you save)" },
  ruleName: { zh: "不包含用户名", en: "Does not contain the user name" },
  ruleSame: { zh: "两次输入一致", en: "Both entries are the same" },
  met: { zh: "已满足", en: "met" },
  unmet: { zh: "未满足", en: "not met" },
  otherUser: { zh: "换其他用户登录", en: "Sign in as someone else" },

  notFound: { zh: "页面不存在", en: "Page not found" },
  notFoundHint: { zh: "地址可能写错了，或者内容已被移走。", en: "The address may be wrong, or what was here has moved." },
  toHome: { zh: "回到工作台", en: "Go to Home" },
});
