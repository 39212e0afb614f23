import { expect, it } from "vitest";

import { shownChoices } from "./choices";

const icd = Array.from({ length: 30_000 }, (_, n) => ({ code: `C${n}`, label: { zh: `诊断 ${n}`, en: `Diagnosis ${n}` }, active: true }));
const codes = (typed: string, held: string[] = []) => shownChoices(icd, typed, held).shown.map(({ code }) => code);

it("of many choices the first are drawn; chosen ones among the rest are kept for their names", () => {
  const { shown, unseen } = shownChoices(icd, "", ["C29999", "C1"]);
  expect([shown.length, shown[0]?.code, unseen.map(({ code }) => code)]).toEqual([200, "C0", ["C29999"]]);
});

it("what was typed is not answered with what is chosen already", () => {
  expect(codes("C12345", ["C1"])).toEqual(["C12345"]);
});

it("they are found by code and by name in either language", () => {
  expect(codes("c2999")).toContain("C2999");
  expect(codes("诊断 12345")).toEqual(["C12345"]);
  expect(codes("diag 777")).toContain("C777");
  expect(codes("nothing")).toEqual([]);
});
