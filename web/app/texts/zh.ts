/** The interface's Chinese texts: the first language, and the list of every key. */

export const zh = {
  "app.title": "诊枢 Zhenshu",
  "app.purpose": "医院影像科研平台",
} as const;
