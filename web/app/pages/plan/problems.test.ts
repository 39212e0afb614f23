import { describe, expect, it } from "vitest";

import { ApiError } from "../../../shared/api/errors";
import type { DatabaseDocument } from "../../../shared/api/types";
import { placeOf, problemsOf } from "./problems";

const document: DatabaseDocument = {
  kind: "database",
  code: "lung",
  record_types: [
    { code: "patient", label: { zh: "患者" }, fields: [{ code: "age", type: "integer", label: { en: "Age" } }] },
  ],
};

describe("the place of a problem", () => {
  it("is a field, whatever of it is wrong", () => {
    const age = { field: "patient.age", labels: [{ zh: "患者", en: "患者" }, { zh: "Age", en: "Age" }] };
    expect(placeOf("/record_types/0/fields/0", document)).toEqual(age);
    expect(placeOf("/record_types/0/fields/0/checks/2/expression", document)).toEqual(age);
  });

  it("is a record type where no field is meant", () => {
    expect(placeOf("/record_types/0/parent", document)?.field).toBe("patient");
    expect(placeOf("/record_types/0/fields/9", document)?.field).toBe("patient");
  });

  it("is none elsewhere, or before the draft is known", () => {
    expect(placeOf("/forms/0/items/1", document)).toBeNull();
    expect(placeOf("/record_types", document)).toBeNull();
    expect(placeOf("/record_types/0", null)).toBeNull();
  });
});

it("only refusals of a draft carry problems of it", () => {
  const problems = [{ path: "/record_types/0", code: "roots", zh: "", en: "", suggestion: "", severity: "error" }];
  const refusal = (code: string) => new ApiError(code, 422, "", { problems }, "");

  expect(problemsOf(refusal("DefinitionInvalid"))).toEqual(problems);
  expect(problemsOf(refusal("ChangeNotPossible"))).toEqual(problems);
  expect(problemsOf(refusal("RecordInvalid"))).toBeNull();
  expect(problemsOf(new Error("x"))).toBeNull();
});
