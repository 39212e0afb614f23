// @vitest-environment happy-dom
/** What goes along with a record into the trash is told before it goes. */

import { afterEach, expect, test, vi } from "vitest";

import { setLanguage } from "../../language";
import { api } from "../../session/session";
import { aDatabase, aField, aRecord, aType } from "./testing";
import { useTrash } from "./useTrash";

vi.mock("../../components/notify", () => ({ notifyDone: vi.fn(), notifyError: vi.fn() }));

const patient = aType("patient", [aField("no")], { key: "no" });
const exam = aType("exam", [aField("date", { type: "date" })], { parent: "patient" });
const blood = aType("blood", [aField("hb")], { parent: "patient" });
const database = aDatabase([patient, exam, blood]);
const subject = () => ({ database, type: patient, record: aRecord({ no: "P1" }, { id: 3 }) });
const settled = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => vi.restoreAllMocks());

test("the question counts what lies below, and leaves out what is not there", async () => {
  setLanguage("en");
  vi.spyOn(api, "get").mockImplementation(async (path) => ({ count: path.includes("/exam/") ? 12 : 0 }));
  const trash = useTrash(subject);
  trash.ask();
  expect(trash.asking.value).toBe(true);
  expect(trash.consequences.value.join(" ")).toMatch(/exam.*blood/);
  await settled();
  expect(trash.consequences.value.join(" ")).toContain("exam 12");
  expect(trash.consequences.value.join(" ")).not.toContain("blood");
});

test("a refused restore leaves the record where it is", async () => {
  vi.spyOn(api, "post").mockRejectedValue(new Error("in use"));
  const trash = useTrash(subject);
  expect(await trash.restore()).toBe(false);
  expect(trash.restoring.value).toBe(false);
});
