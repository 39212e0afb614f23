/** The Chromium of this machine, and how it is started: alone, without an outside address. */

import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

const ARGUMENTS = [
  "--no-sandbox", // root may not have one
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export function launch(): Promise<Browser> {
  if (!CHROMIUM) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
}
