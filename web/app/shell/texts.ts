/** Texts of the shell: rail, top bar, palette, dialogs that stand over every page. */

import { defineTexts } from "../../shared/texts";

export const texts = defineTexts({
  product: { zh: "诊枢", en: "Zhenshu" },
  mainMenu: { zh: "主菜单", en: "Main menu" },
  collapse: { zh: "收起菜单", en: "Collapse the menu" },
  expand: { zh: "展开菜单", en: "Expand the menu" },
  search: { zh: "搜索", en: "Search" },
  path: { zh: "当前位置", en: "You are here" },
  language: { zh: "界面语言", en: "Language" },
  userMenu: { zh: "用户菜单", en: "User menu" },
  changePassword: { zh: "修改密码", en: "Change password" },
  secondFactor: { zh: "动态口令", en: "Second factor" },
  logins: { zh: "登录设备", en: "Signed-in devices" },
  code: { zh: "动态口令", en: "Code of the second factor" },
  switchUser: { zh: "切换用户", en: "Switch user" },
  signOut: { zh: "退出登录", en: "Sign out" },
  signOutFailed: { zh: "没有退出成功", en: "Signing out did not succeed" },
  keyboardHelp: { zh: "键盘快捷键", en: "Keyboard shortcuts" },
  skip: { zh: "跳到内容", en: "Skip to content" },

  paletteHint: { zh: "搜索病种库、字段、页面", en: "Search databases, fields, pages" },
  paletteNothing: { zh: "没有找到“{query}”", en: 'Nothing found for "{query}"' },
  paletteLoading: { zh: "正在查找字段…", en: "Looking for fields…" },
  paletteKeys: { zh: "↑↓ 选择　Enter 打开　Esc 关闭", en: "↑↓ choose   Enter open   Esc close" },
  page: { zh: "页面", en: "Page" },
  database: { zh: "病种库", en: "Database" },
  recordType: { zh: "记录类型", en: "Record type" },
  field: { zh: "字段", en: "Field" },

  connectionLost: {
    zh: "连接中断，正在重新连接…　页面上的内容都在，请不要关闭页面。",
    en: "Connection lost, reconnecting… What is on the page is kept; please do not close it.",
  },
  connectNow: { zh: "立即重试", en: "Try now" },

  idleTitle: { zh: "登录即将到期", en: "Your session is about to end" },
  idleHint: {
    zh: "您已有一段时间没有操作，{n} 秒后将自动退出登录。页面上填写的内容都会保留。",
    en: "Nothing was done for a while: you will be signed out in {n} s. What you typed is kept.",
  },
  idleGoOn: { zh: "继续工作", en: "Go on working" },

  sessionEnded: { zh: "登录已过期", en: "Your session has ended" },
  sessionEndedHint: {
    zh: "页面上填写的内容都在。请 {name} 重新输入密码，刚才的操作会继续。",
    en: "What you typed is kept. Enter the password of {name} again, and what you were doing goes on.",
  },
  password: { zh: "密码", en: "Password" },
  continue: { zh: "登录并继续", en: "Sign in and continue" },
  leave: { zh: "换其他用户登录", en: "Sign in as someone else" },
  leaveHint: { zh: "未保存的内容会丢失", en: "What is not saved will be lost" },

  shortcutPalette: { zh: "打开搜索", en: "Open the search" },
  shortcutPanel: { zh: "在列表与右侧面板之间切换", en: "Move between the list and the panel at the right" },
  shortcutClose: { zh: "关闭右侧面板", en: "Close the panel at the right" },
  shortcutHelp: { zh: "显示键盘快捷键", en: "Show the keyboard shortcuts" },
  shortcutRail: { zh: "收起或展开菜单", en: "Collapse or expand the menu" },
  shortcutArrows: { zh: "在表格中移动", en: "Move in a table" },
  shortcutEnter: { zh: "打开选中的行", en: "Open the row" },
  shortcutEdges: { zh: "表格的开头、结尾", en: "Start or end of a table" },
  everywhere: { zh: "所有页面", en: "Everywhere" },
  onThisPage: { zh: "当前页面", en: "On this page" },
  inTables: { zh: "表格", en: "Tables" },
});
