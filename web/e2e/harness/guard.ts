/** Watches a page all the time for what no page may do, whatever it is tested for. */

import type { Page } from "playwright-core";

export interface Allowed {
  /** Console errors of Chromium about answers that the test provokes, e.g. 409. */
  statuses: Set<number>;
  /** The test cuts the connection. */
  offline: boolean;
  /** Words of the definitions themselves on Chinese pages. */
  words: Set<string> | "any";
}

const FAILED_ANSWER = /Failed to load resource: the server responded with a status of (\d+)/;
const NO_ANSWER = /net::ERR_(CONNECTION|FAILED|EMPTY_RESPONSE|INTERNET_DISCONNECTED|ABORTED|NETWORK_CHANGED|SOCKET)/;

/** Faults are pushed onto the returned list as they happen. */
export function guard(page: Page, origin: string, allowed: Allowed): string[] {
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`page error: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const kind = message.type();
    if (kind !== "error" && kind !== "warning") return;
    const text = message.text();
    const status = Number(FAILED_ANSWER.exec(text)?.[1]);
    if (allowed.statuses.has(status) || isSessionQuestion(status, message.location().url)) return;
    if (allowed.offline && NO_ANSWER.test(text)) return;
    faults.push(`console ${kind}: ${text} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) faults.push(`request outside: ${url}`);
  });
  page.on("dialog", (dialog) => {
    if (dialog.type() === "beforeunload") void dialog.accept();
    else {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    }
  });
  return faults;
}

/** The page asks who is signed in; "nobody" is an answer. */
function isSessionQuestion(status: number, url: string): boolean {
  return status === 401 && url.endsWith("/api/v1/session");
}

/** Faults of what the page looks like now. */
export async function layoutFaults(page: Page): Promise<string[]> {
  const { wide, seen } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { wide: scrollWidth - clientWidth, seen: clientWidth };
  });
  return wide > 0 ? [`the page is ${wide} px wider than its window of ${seen} px`] : [];
}
