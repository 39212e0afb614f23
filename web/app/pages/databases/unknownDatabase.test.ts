// @vitest-environment happy-dom
/** A database is called unknown only when a fresh list lacks it. */

import { afterEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { api } from "../../session/session";
import { forgetDatabases, loadDatabases } from "../../stores/databases";
import { useUnknownDatabase } from "./unknownDatabase";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const listed = (...codes: string[]) => ({ items: codes.map((code) => ({ code })), next: null });

afterEach(() => {
  vi.restoreAllMocks();
  forgetDatabases();
});

function lookFor(code: string) {
  const at = ref<string | null>(code);
  const unknown = effectScope().run(() => useUnknownDatabase(() => at.value));
  if (!unknown) throw new Error("no scope");
  return { at, unknown };
}

test("a database that the list lacks is unknown, until the address names another", async () => {
  vi.spyOn(api, "get").mockResolvedValue(listed("lung"));
  const { at, unknown } = lookFor("kdb");
  expect(unknown.value).toBeNull();
  await settled();
  expect(unknown.value).toBe("kdb");

  at.value = "lung";
  await nextTick();
  expect(unknown.value).toBeNull();
  await settled();
  expect(unknown.value).toBeNull();
});

test("a database made since the list was read is found", async () => {
  const get = vi.spyOn(api, "get").mockResolvedValueOnce(listed("lung"));
  await loadDatabases();
  get.mockResolvedValue(listed("lung", "new"));
  const { unknown } = lookFor("new");
  await settled();
  expect(unknown.value).toBeNull();
});

test("where the list can't be read, the page speaks for itself", async () => {
  vi.spyOn(api, "get").mockRejectedValue(new Error("away"));
  const { unknown } = lookFor("kdb");
  await settled();
  expect(unknown.value).toBeNull();
});
