/** The folder of real files, where this machine has it. Tests of real files are skipped elsewhere, but required in CI. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const FOLDER = process.env.ZHENSHU_TEST_DATA ?? resolve(import.meta.dirname, "../../../../shared/data");

/** A file or folder of it; null where there is none. */
export function realData(path: string): string | null {
  const found = join(FOLDER, path);
  return existsSync(found) ? found : null;
}

/** A small dictionary of our own, in REDCap's format. */
export const DICTIONARY = resolve(import.meta.dirname, "../files/ablation-dictionary.csv");
