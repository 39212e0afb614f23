// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope, nextTick } from "vue";

const server = vi.hoisted(() => ({ jobs: [] as { id: number; state: string; kind: string }[], checking: null as number | null, asked: 0 }));

vi.mock("../../jobs/jobs", async () => {
  const { reactive } = await import("vue");
  const state = reactive({ jobs: [] as unknown[] });
  return { jobs: state, watchJobs: async () => void (state.jobs = server.jobs.map((job) => ({ ...job }))) };
});
vi.mock("./interface", () => ({
  readStanding: async () => ((server.asked += 1), { entries: 3, sealed: 3, checking: server.checking, last_check: null }),
  beginCheck: async () => {
    server.jobs = [{ id: 7, state: "running", kind: "audit.verify" }];
    return { job: 7 };
  },
}));

import { watchJobs } from "../../jobs/jobs";
import { useCheck } from "./useCheck";

const settled = async () => {
  for (let i = 0; i < 5; i += 1) await nextTick();
};
const started = () => effectScope().run(useCheck) as ReturnType<typeof useCheck>;

beforeEach(async () => {
  Object.assign(server, { jobs: [], checking: null, asked: 0 });
  await watchJobs();
});

describe("a check of the trail", () => {
  it("begun here is followed, and the standing is read anew when it is done", async () => {
    const check = started();
    await settled();
    expect(check.active.value).toBe(false);
    await check.begin();
    expect([check.active.value, check.job.value?.id]).toEqual([true, 7]);
    server.jobs = [{ id: 7, state: "done", kind: "audit.verify" }];
    await watchJobs();
    await settled();
    expect([check.active.value, check.job.value, server.asked]).toEqual([false, undefined, 2]);
  });

  it("that failed stays in sight, and another may begin", async () => {
    const check = started();
    await check.begin();
    server.jobs = [{ id: 7, state: "failed", kind: "audit.verify" }];
    await watchJobs();
    await settled();
    expect([check.active.value, check.job.value?.state]).toEqual([false, "failed"]);
  });

  it("that runs already is found", async () => {
    server.jobs = [{ id: 9, state: "running", kind: "audit.verify" }];
    server.checking = 9;
    const check = started();
    await settled();
    expect([check.active.value, check.job.value?.id]).toEqual([true, 9]);
  });
});
