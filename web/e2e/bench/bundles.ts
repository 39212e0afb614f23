/** What a browser must load: gzip sizes of the application, of each page that is loaded later, and of the form's frame. */

import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { tell } from "./support/figures.ts";

const DIST = resolve(import.meta.dirname, "../../dist");
const STATIC = /(?:\bfrom|\bimport)\s*"\.\/([\w.~-]+\.js)"/g;
const LAZY = /import\(\s*[`"']\.\/([\w.~-]+\.js)[`"']\s*\)/g;
const STYLES = /assets\/([\w.~-]+\.css)/g;

const read = (name: string) => readFile(join(DIST, "assets", name), "utf8");
const gzip = (text: string | Uint8Array) => gzipSync(text, { level: 9 }).length;

function found(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name ?? "");
}

/** A script and all that it imports at once. */
async function closure(names: readonly string[], seen = new Set<string>()): Promise<Set<string>> {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    await closure(found(STATIC, await read(name)), seen);
  }
  return seen;
}

async function weight(names: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const name of names) bytes += gzip(await read(name));
  return bytes;
}

async function entryOf(page: string): Promise<{ scripts: Set<string>; styles: string[] } | null> {
  const html = await readFile(join(DIST, page), "utf8").catch(() => null);
  if (html === null) return null;
  return { scripts: await closure(found(/assets\/([\w.~-]+\.js)/g, html)), styles: found(STYLES, html) };
}

const kilobytes = (bytes: number) => Math.round(bytes / 102.4) / 10;

test("bundles", async () => {
  const application = await entryOf("index.html");
  expect(application).not.toBeNull();
  if (!application) return;
  const first = (await weight(application.scripts)) + (await weight(application.styles));
  tell("before the first page", { gzip_kb: kilobytes(first), files: application.scripts.size + application.styles.length });

  const lazy = new Set<string>();
  for (const script of application.scripts) for (const name of found(LAZY, await read(script))) lazy.add(name);
  const pages = new Set<string>();
  for (const name of [...lazy].sort()) {
    const more = [...(await closure([name]))].filter((each) => !application.scripts.has(each));
    for (const each of more) pages.add(each);
    tell("loaded with a page", { page: name.replace(/-[\w-]{8}\.js$/, ""), gzip_kb: kilobytes(await weight(more)) });
  }
  const names = await readdir(join(DIST, "assets"));
  const all = new Set([...application.scripts, ...pages]);
  const frame = await entryOf("form.html");
  const styles = names.filter((name) => name.endsWith(".css") && !frame?.styles.includes(name));
  tell("the whole application", { gzip_kb: kilobytes((await weight(all)) + (await weight(styles))) });

  if (frame) tell("the form's frame", { gzip_kb: kilobytes((await weight(frame.scripts)) + (await weight(frame.styles))) });
});
