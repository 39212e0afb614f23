/** Before all browser tests: the pages are built, and a demonstration instance is served. */

import { rm, stat } from "node:fs/promises";
import { glob } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { TestProject } from "vitest/node";

import { copyInstance, makeInstance, removeInstance, serve } from "./instance.ts";
import { FAILURES } from "./failures.ts";

const WEB = resolve(import.meta.dirname, "../..");

declare module "vitest" {
  interface ProvidedContext {
    /** Where the shared instance is served, and its folder. */
    origin: string;
    home: string;
    /** Its state before any test, to be copied by a test that needs an instance of its own. */
    template: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await requireBuilt();
  await rm(FAILURES, { recursive: true, force: true });
  const template = await makeInstance();
  const home = await copyInstance(template);
  const server = await serve(home);
  project.provide("origin", server.origin);
  project.provide("home", home);
  project.provide("template", template);
  return async () => {
    await server.stop();
    await removeInstance(home);
    await removeInstance(template);
  };
}

/** Old pages would be tested in place of those in the sources. */
async function requireBuilt(): Promise<void> {
  const built = await stat(join(WEB, "dist/index.html")).catch(() => null);
  if (!built) throw new Error("web/dist is missing: run `make web` first.");
  for await (const file of glob("{app,shared,forms,public}/**/*.{ts,vue,css,svg}", { cwd: WEB })) {
    if (file.endsWith(".test.ts")) continue;
    const { mtimeMs } = await stat(join(WEB, file));
    if (mtimeMs > built.mtimeMs) throw new Error(`web/dist is older than web/${file}: run \`make web\` first.`);
  }
}
