// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";

import { ApiError } from "../../../shared/api/errors";
import type { SavedCohort } from "../../../shared/api/types";
import * as backend from "./interface";
import { useCohort } from "./useCohort";

const HEAD = { name: "随访组", description: "", shared: false };
const KEPT: SavedCohort = {
  id: 7, version: 3, record_type: "patient", owner: "li", mine: true, may_change: true, updated_at: "", updated_by: "li", ...HEAD,
  criteria: [{ kind: "include", label: { zh: "", en: "" }, where: "[a] > 1", written: "[a] > 1", problem: null }],
};

beforeEach(() => void vi.restoreAllMocks());

it("is new until it is saved, then changed in place under the version it was read with", async () => {
  const add = vi.spyOn(backend, "addCohort").mockResolvedValue(KEPT);
  const change = vi.spyOn(backend, "changeCohort").mockResolvedValue({ ...KEPT, version: 4 });
  const cohort = useCohort("lung", "patient", null);
  expect(cohort.ready.value).toBe(false);
  cohort.change(cohort.add("include").id, { where: "[a] > 1", ready: true });

  await cohort.save(HEAD, true);
  expect(add.mock.calls[0]?.slice(0, 2)).toEqual(["lung", "patient"]);
  expect([cohort.changed.value, cohort.saved.value?.id]).toEqual([false, 7]);

  cohort.add("exclude");
  expect([cohort.changed.value, cohort.ready.value]).toEqual([true, false]);
  cohort.remove(cohort.criteria[1]?.id ?? 0);
  expect(cohort.changed.value).toBe(false);
  await cohort.save({ ...HEAD, name: "新名" }, false);
  expect(change.mock.calls[0]?.[1].version).toBe(3);
  expect(cohort.head.name).toBe("新名");
});

it("keeps what is typed while it is being saved, and after a refusal", async () => {
  const cohort = useCohort("lung", "patient", KEPT);
  const first = cohort.criteria[0]?.id ?? 0;
  cohort.change(first, { where: "[a] > 2" });
  vi.spyOn(backend, "changeCohort").mockImplementationOnce(async () => {
    cohort.change(first, { where: "[a] > 3" });
    return Promise.resolve({ ...KEPT, version: 4 });
  });

  await cohort.save(HEAD, false);
  expect([cohort.changed.value, cohort.criteria[0]?.where]).toEqual([true, "[a] > 3"]);

  vi.spyOn(backend, "changeCohort").mockRejectedValueOnce(new ApiError("FilterChanged", 409, "", {}, ""));
  await expect(cohort.save(HEAD, false)).rejects.toThrow(ApiError);
  expect([cohort.changed.value, cohort.saved.value?.version]).toEqual([true, 4]);
});

it("brings a removed criterion back to its place", () => {
  const cohort = useCohort("lung", "patient", KEPT);
  const added = cohort.add("exclude");
  cohort.remove(cohort.criteria[0]?.id ?? 0);
  expect(cohort.criteria).toHaveLength(1);

  cohort.restore();
  expect(cohort.criteria.map(({ id }) => id).at(-1)).toBe(added.id);
  expect(cohort.removed.value).toBeNull();
});
