// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Emergency } from "../../../shared/api/types";
import { emergencies, forgetEmergencies, take } from "./emergencies";

const label = { zh: "肺", en: "Lung" };
const until = (id: number, ends_at: string): Emergency => ({
  id, subject: { id: 1, name: "wang", display_name: "" }, database: { code: "lung", label }, record_type: null, scope: "database", record: null, reason: "抢救需要核对身份",
  started_at: "2027-01-01T08:00:00Z", ends_at, ended_at: null, running: true, reviewed_by: null, reviewed_at: null, remark: "",
});

beforeEach(() => vi.useFakeTimers({ now: new Date("2027-01-01T08:00:00Z") }));
afterEach(() => {
  forgetEmergencies();
  vi.useRealTimers();
});

it("an emergency leaves the banner when its time is over, and the other one stays", () => {
  take([until(1, "2027-01-01T08:01:00Z"), until(2, "2027-01-01T09:00:00Z")], 30);
  vi.advanceTimersByTime(59_000);
  expect(emergencies.running.map(({ id }) => id)).toEqual([1, 2]);
  vi.advanceTimersByTime(2_000);
  expect(emergencies.running.map(({ id }) => id)).toEqual([2]);
  expect(emergencies.longest).toBe(30);
});

it("nothing ticks once none holds", () => {
  take([until(1, "2027-01-01T08:01:00Z")]);
  vi.advanceTimersByTime(61_000);
  expect(emergencies.running).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
