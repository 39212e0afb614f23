// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { effectScope } from "vue";

import { ApiError, ConnectionLost } from "../../../shared/api/errors";
import type { Plan } from "../../../shared/api/types";
import { aPlan } from "./testing";

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn(), getChanged: vi.fn() }));
vi.mock("../../session/session", () => ({ api: server, GivenUp: class extends Error {} }));
const { usePlan } = await import("./usePlan");

const refusal = (code: string, details = {}) => new ApiError(code, 409, "", details, "");
const seen = (plan: Plan) => ({ body: plan, etag: `"${plan.state}${String(plan.running)}"` });

let end: () => void = () => undefined;
beforeEach(() => {
  vi.useFakeTimers();
  for (const call of Object.values(server)) call.mockReset();
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

/** A page whose newest plan is `newest`. */
async function opened(newest: Plan | null) {
  server.get.mockImplementation((path: string) => Promise.resolve(path.endsWith("/plans") ? { items: newest ? [newest] : [], next: null } : newest));
  const scope = effectScope();
  end = () => scope.stop();
  const page = scope.run(() => usePlan(() => "lung"));
  if (!page) throw new Error("no page");
  await page.load(null);
  return page;
}

describe("opening the plan of a draft", () => {
  it("shows the newest plan while it counts, and makes no other", async () => {
    const page = await opened(aPlan());

    expect([page.state.value, page.plan.value?.id]).toEqual(["ready", 7]);
    expect(server.post).not.toHaveBeenCalled();
  });

  it("makes a new one where the draft has outgrown the old one, and tells which that was", async () => {
    server.post.mockResolvedValue(aPlan({ id: 8 }));
    const page = await opened(aPlan({ outdated: { reason: "draft", who: "wang", at: null, number: null } }));

    expect(page.plan.value?.id).toBe(8);
    expect(page.replaced.value?.id).toBe(7);
  });

  it("shows a plan to undo only while there is no draft", async () => {
    server.post.mockRejectedValueOnce(refusal("NothingToPublish"));
    expect((await opened(aPlan({ source: "undo" }))).plan.value?.id).toBe(7);

    server.post.mockResolvedValueOnce(aPlan({ id: 8 }));
    expect((await opened(aPlan({ source: "undo" }))).plan.value?.id).toBe(8);
  });

  it("never replaces a plan that a process is at work on or has left half-done", async () => {
    const page = await opened(aPlan({ state: "expanded", begun: true, outdated: { reason: "draft", who: "", at: null, number: null } }));

    expect(page.plan.value?.id).toBe(7);
    expect(server.post).not.toHaveBeenCalled();
  });

  it("is calm when there is nothing to publish, and lists what stops it", async () => {
    server.post.mockRejectedValueOnce(refusal("NothingToPublish"));
    expect((await opened(null)).state.value).toBe("nothing");

    server.post.mockRejectedValueOnce(refusal("ChangeNotPossible", { problems: [{ path: "/record_types/0" }] }));
    const page = await opened(aPlan({ state: "swapped", release: 1 }));
    expect([page.state.value, page.problems.value.length]).toEqual(["problems", 1]);
  });
});

describe("publishing", () => {
  it("shows how far it is while the answer is on its way", async () => {
    const page = await opened(aPlan());
    let answer: (value: unknown) => void = () => undefined;
    server.post.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    server.getChanged.mockResolvedValue(seen(aPlan({ state: "expanded", begun: true, running: true })));

    page.publish("首批");
    await vi.advanceTimersByTimeAsync(800);
    expect([page.standing.value, page.plan.value?.state]).toEqual(["running", "expanded"]);
    expect(server.post).toHaveBeenCalledWith("/plans/7/publish", { note: "首批" });

    server.get.mockResolvedValue(aPlan({ state: "swapped", release: 2 }));
    answer({ release: 2 });
    await vi.advanceTimersByTimeAsync(1);
    expect(page.standing.value).toBe("published");
  });

  it("keeps the reason of a refusal and shows the plan as it is then", async () => {
    const page = await opened(aPlan());
    const refused = refusal("PlanOutdated");
    server.post.mockRejectedValue(refused);
    server.get.mockResolvedValue(aPlan({ outdated: { reason: "draft", who: "wang", at: null, number: null } }));

    page.publish("");
    await vi.advanceTimersByTimeAsync(1);

    expect([page.standing.value, page.failure.value]).toEqual(["outdated", refused]);
  });

  it("asks the plan how it ended when the answer is lost", async () => {
    const page = await opened(aPlan());
    server.post.mockRejectedValue(new ConnectionLost("POST"));
    server.getChanged.mockResolvedValueOnce(seen(aPlan({ state: "expanded", begun: true, running: true })));
    server.getChanged.mockResolvedValueOnce(seen(aPlan({ state: "expanded", begun: true })));

    page.publish("");
    await vi.advanceTimersByTimeAsync(800);
    expect([page.standing.value, page.lost.value]).toEqual(["running", "asking"]);

    await vi.advanceTimersByTimeAsync(800);
    expect([page.standing.value, page.lost.value]).toEqual(["interrupted", ""]);
  });

  it("that never began after a lost answer can be tried again", async () => {
    const page = await opened(aPlan());
    server.post.mockRejectedValue(new ConnectionLost("POST"));
    server.getChanged.mockResolvedValue(null);

    page.publish("");
    await vi.advanceTimersByTimeAsync(800);

    expect([page.standing.value, page.lost.value]).toEqual(["ready", "not-begun"]);
  });

  it("asks no more once it is done or the page is left", async () => {
    server.post.mockRejectedValue(refusal("NothingToPublish"));
    const page = await opened(aPlan({ state: "swapped", release: 2 }));
    await page.load(7);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([page.standing.value, server.getChanged.mock.calls.length]).toEqual(["published", 0]);

    await opened(aPlan());
    end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.getChanged).not.toHaveBeenCalled();
  });
});
