/** Where a failed test leaves its picture and its trace. */

import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { BrowserContext, Page } from "playwright-core";

export const FAILURES = resolve(import.meta.dirname, "../failures");

/** Open the trace with `npx playwright-core show-trace FILE`. */
export async function keepFailure(test: string, contexts: readonly BrowserContext[], pages: readonly Page[]): Promise<void> {
  await mkdir(FAILURES, { recursive: true });
  const name = test.replaceAll(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80);
  for (const [i, page] of pages.entries()) {
    if (!page.isClosed()) await page.screenshot({ path: join(FAILURES, `${name}-${i + 1}.png`) }).catch(() => undefined);
  }
  for (const [i, context] of contexts.entries()) {
    await context.tracing.stop({ path: join(FAILURES, `${name}-${i + 1}.zip`) }).catch(() => undefined);
  }
}
