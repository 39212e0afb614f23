/** Texts of notices: the bell, its drawer, the card on the first page. */

import { defineTexts } from "../../shared/texts";

export const texts = defineTexts({
  notices: { zh: "通知", en: "Notices" },
  unread: { zh: "{n} 条未读通知", en: { one: "{n} unread notice", other: "{n} unread notices" } },
  isUnread: { zh: "未读", en: "unread" },
  readAll: { zh: "全部已读", en: "Mark all as read" },
  none: { zh: "没有通知", en: "No notices" },
  noneHint: {
    zh: "任务结束、变更计划待审批、病种库发布等会在这里通知您。",
    en: "Ended jobs, plans waiting for approval and new releases are told here.",
  },
  older: { zh: "更早的通知", en: "Older notices" },
  kept: { zh: "通知保留 90 天", en: "Notices are kept for 90 days" },
  notMarked: { zh: "没有标记成功", en: "This could not be marked" },
  notLoaded: { zh: "没有加载成功", en: "These could not be loaded" },
});
