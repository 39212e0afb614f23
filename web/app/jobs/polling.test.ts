import { describe, expect, it } from "vitest";

import { endedSince, nextWait } from "./polling";

const running = [{ state: "running" as const }, { state: "done" as const }];

describe("asking about jobs", () => {
  it("ends when nothing waits or runs", () => {
    expect(nextWait([{ state: "done" }, { state: "failed" }, { state: "cancelled" }], 1000, true)).toBeNull();
    expect(nextWait([], 1000, true)).toBeNull();
  });

  it("slows down while there is no news, to four times a minute at most", () => {
    const waits = [1000];
    for (let i = 0; i < 10; i += 1) waits.push(nextWait(running, waits.at(-1) ?? 0, false) ?? 0);
    expect(waits.slice(0, 4)).toEqual([1000, 1500, 2250, 3375]);
    expect(waits.at(-1)).toBe(15_000);
  });

  it("is quick again after news", () => expect(nextWait(running, 15_000, true)).toBe(1000));
});

describe("a job that ended", () => {
  const job = (id: number, state: "running" | "done" | "failed") => ({ id, state });

  it("was active before and is no more", () => {
    expect(endedSince([job(1, "running")], [job(1, "failed")])).toBe(true);
    expect(endedSince([job(1, "running")], [job(2, "running"), job(1, "running")])).toBe(false);
    expect(endedSince([job(1, "done")], [job(1, "done")])).toBe(false);
    expect(endedSince([], [job(1, "done")])).toBe(false); // nothing was seen of it
  });
});
