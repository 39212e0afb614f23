/**
 * What runs in a real Chromium over a real instance, one after another: the journeys (`npm run e2e`), the figures
 * (`npm run bench`), the pictures of the manuals (`npm run pictures`).
 */

import { existsSync, statfsSync } from "node:fs";

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

import { CHROMIUM } from "./harness/chromium.ts";

const IN_MEMORY = "/dev/shm";
const ENOUGH = 4 * 2 ** 30; // bytes
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

/** Instances and profiles of the journeys need no disk; figures and pictures are made as on a real machine. */
function keepInMemory(): void {
  if (!existsSync(IN_MEMORY)) return;
  const { bavail, bsize } = statfsSync(IN_MEMORY);
  if (bavail * bsize > ENOUGH) process.env.TMPDIR = IN_MEMORY;
}

export default defineConfig(({ mode }) => {
  if (!(mode in INCLUDED)) keepInMemory();
  return {
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
  };
});
