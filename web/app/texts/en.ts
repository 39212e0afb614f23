/** The interface's English texts. A missing key is a type error. */

import type { zh } from "./zh";

export const en: Record<keyof typeof zh, string> = {
  "app.title": "Zhenshu 诊枢",
  "app.purpose": "A platform for hospital imaging research",
};
