// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick } from "vue";

import type { Job } from "../../../shared/api/types";

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn(), getChanged: vi.fn() }));
vi.mock("../../session/session", () => ({ api: server, GivenUp: class extends Error {} }));
vi.mock("../../notices/notices", () => ({ watchNotices: vi.fn() }));
const { forgetJobs, watchJobs } = await import("../../jobs/jobs");
const { useRun } = await import("./useRun");

const job = (state: Job["state"]) => ({ id: 7, state, kind: "quality.run", progress: 0, total: 3 });
const answer = (state: Job["state"]) => server.getChanged.mockResolvedValue({ body: { items: [job(state)], next: null }, etag: state });

let end: () => void = () => undefined;
const done = vi.fn();
function opened() {
  const scope = effectScope();
  end = () => scope.stop();
  const run = scope.run(() => useRun(done));
  if (!run) throw new Error("no run");
  return run;
}

beforeEach(() => {
  vi.useFakeTimers();
  for (const call of [...Object.values(server), done]) call.mockReset();
});
afterEach(() => {
  end();
  forgetJobs();
  vi.useRealTimers();
});

describe("a check of all records", () => {
  it("is followed from its start to its end", async () => {
    const run = opened();
    server.post.mockResolvedValue({ job: 7 });
    answer("running");
    await run.start("lung");
    expect([run.active.value, run.job.value?.id]).toEqual([true, 7]);

    answer("done");
    await watchJobs();
    await nextTick();

    expect(done).toHaveBeenCalledOnce();
    expect([run.active.value, run.job.value]).toEqual([false, undefined]);
  });

  it("is found when it was under way before the page was opened", async () => {
    const run = opened();
    server.get.mockResolvedValue({ job: 7, may_run: true, at: null, release: null });
    answer("queued");

    await run.find("lung");

    expect([run.active.value, run.job.value?.state, run.standing.value?.may_run]).toEqual([true, "queued", true]);
  });

  it("stays in sight when it fails, and can be started anew", async () => {
    const run = opened();
    server.post.mockResolvedValue({ job: 7 });
    answer("failed");
    await run.start("lung");

    expect([run.active.value, run.job.value?.state]).toEqual([false, "failed"]);
    expect(done).not.toHaveBeenCalled();
  });

  it("is free to be asked for again when it could not be started", async () => {
    const run = opened();
    server.post.mockRejectedValue(new Error("no"));

    await expect(run.start("lung")).rejects.toThrow("no");
    expect(run.active.value).toBe(false);
  });
});
