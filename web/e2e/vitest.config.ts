/**
 * What runs in a real Chromium over a real instance, one after another: the journeys (`npm run e2e`), the figures
 * (`npm run bench`), the pictures of the manuals (`npm run pictures`).
 */

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

import { CHROMIUM } from "./harness/chromium.ts";

const INCLUDED: Record<string, string> = { bench: "bench/*.ts", pictures: "pictures/*.ts" };

if (!CHROMIUM) {
  const missing = "Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)";
  if (process.env.CI === "true") throw new Error(`${missing}; it is required when CI=true.`);
  console.warn(`${missing}: the browser tests are skipped.`);
}

/** In one order everywhere: the journeys share an instance, and what one leaves another may see. */
class ByPath extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve([...files].sort((a, b) => a.moduleId.localeCompare(b.moduleId)));
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    root: import.meta.dirname,
    include: CHROMIUM ? [INCLUDED[mode] ?? "journeys/**/*.test.ts"] : [],
    passWithNoTests: !CHROMIUM,
    globalSetup: "./harness/setup.ts",
    maxWorkers: 1, // they share one instance, and two cores with its server
    isolate: false,
    sequence: { sequencer: ByPath },
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}));
