/** A grid of 100,000 rows under the wheel and the thumb: how long blank rows can be seen, and how long frames take. */

import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";

import { Caller } from "../harness/caller.ts";
import { clinic, field, live } from "../harness/databases.ts";
import { passwords } from "../harness/instance.ts";
import { gone, seen, Stage } from "../harness/journey.ts";
import { tell } from "./support/figures.ts";

const ROWS = 100_000;
const BATCH = 5_000;
const CODE = "bench_rows";
const SECONDS = 5;

async function fill(designer: Caller): Promise<void> {
  const more = Array.from({ length: 20 }, (_, i) => field(`lab_${i}`, `检验 ${i}`, "integer"));
  await live(designer, clinic(CODE, "十万行", more));
  for (let start = 0; start < ROWS; start += BATCH) {
    const records = Array.from({ length: BATCH }, (_, i) => ({ values: rowOf(start + i) }));
    const { rejected } = await designer.post<{ rejected: unknown[] }>(`/databases/${CODE}/records/patient/bulk`, { records });
    expect(rejected).toEqual([]);
  }
}

function rowOf(i: number): Record<string, unknown> {
  const labs = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`lab_${n}`, (i * 37 + n * 911) % 5000]));
  return { number: `B-${String(i).padStart(6, "0")}`, name: `患者${i}`, sex: String((i % 2) + 1), height: 150 + (i % 400) / 10, note: "随访中", ...labs };
}

interface Sample {
  longestBlank: number;
  blankFrames: number;
  frames: number;
  longestFrame: number;
}

/** Watch each animation frame for `ms`: a blank is a row in sight without its cells, or no row where one belongs. */
function sample(ms: number): Promise<Sample> {
  const scroller = document.querySelector<HTMLElement>(".scroller");
  if (!scroller) throw new Error("no grid");
  const begun = performance.now();
  const result: Sample = { longestBlank: 0, blankFrames: 0, frames: 0, longestFrame: 0 };
  let blankSince: number | null = null;
  let last = begun;
  const isBlank = () => {
    const { top, bottom } = scroller.getBoundingClientRect();
    const rows = [...scroller.querySelectorAll<HTMLElement>(".body > .row")].map((row) => ({ row, box: row.getBoundingClientRect() }));
    const inSight = rows.filter(({ box }) => box.bottom > top + 36 && box.top < bottom);
    const reach = Math.max(...inSight.map(({ box }) => box.bottom), top);
    const end = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
    return inSight.some(({ row }) => row.querySelector(".waiting")) || (!end && reach < bottom - 20);
  };
  return new Promise((resolve) => {
    const frame = (now: number) => {
      result.frames++;
      result.longestFrame = Math.max(result.longestFrame, now - last);
      last = now;
      if (isBlank()) {
        result.blankFrames++;
        blankSince ??= now;
        result.longestBlank = Math.max(result.longestBlank, now - blankSince);
      } else blankSince = null;
      if (now - begun < ms) requestAnimationFrame(frame);
      else resolve(result);
    };
    requestAnimationFrame(frame);
  });
}

async function measured(page: Page, move: () => Promise<void>): Promise<Record<string, number>> {
  const watching = page.evaluate(sample, SECONDS * 1000);
  await move();
  const { longestBlank, blankFrames, frames, longestFrame } = await watching;
  return { longest_blank_ms: Math.round(longestBlank), blank_frames: blankFrames, frames, longest_frame_ms: Math.round(longestFrame) };
}

/** A steady turn of the wheel, 120 px a notch. */
async function wheel(page: Page): Promise<void> {
  const end = Date.now() + SECONDS * 1000;
  while (Date.now() < end) {
    await page.mouse.wheel(0, 360);
    await page.waitForTimeout(16);
  }
}

/** The thumb pulled to places all over the list, resting at each for half a second: rows never seen before. */
async function thumb(page: Page): Promise<void> {
  await page.evaluate(async (ms) => {
    const scroller = document.querySelector<HTMLElement>(".scroller");
    const begun = performance.now();
    for (let stop = 1; scroller && performance.now() - begun < ms - 500; stop += 1) {
      const way = scroller.scrollHeight - scroller.clientHeight;
      scroller.scrollTop = way * ((stop * 0.618034) % 1);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }, SECONDS * 1000);
}

test("scrolling", { timeout: 300_000 }, async () => {
  const stage = new Stage(inject("origin"), inject("home"));
  await fill(await Caller.signIn(inject("origin"), "designer", (await passwords(inject("home"))).designer));
  const page = await stage.visit("researcher", `/databases/${CODE}/data/patient`);
  await seen(page.getByRole("gridcell"));
  await seen(page.getByText("共 100,000 行"));
  await gone(page.locator(".waiting"));
  await page.getByRole("grid").hover();
  tell("grid of 100,000 rows", { move: "wheel", ...(await measured(page, () => wheel(page))) });
  tell("grid of 100,000 rows", { move: "thumb", ...(await measured(page, () => thumb(page))) });
  await stage.close();
});
