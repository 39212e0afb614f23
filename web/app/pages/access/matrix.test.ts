import { expect, it } from "vitest";

import type { Permitted } from "../../../shared/api/types";
import { permittedWord } from "./matrix";

const permitted = (allowed: boolean, rows: Permitted["rows"]): Permitted => ({ action: "view", allowed, missing: allowed ? "" : "grant", rows, identifying: "mask", grade: 0, roles: [], because: [] });

it.each([
  ["all", permitted(true, "all")],
  ["some", permitted(true, "limited")],
  ["none", permitted(false, "none")],
] as const)("%s", (word, each) => {
  expect(permittedWord({ permitted: [each] }, "view")).toBe(word);
});

it("an action that the server does not tell of is not allowed", () => {
  expect(permittedWord({ permitted: [] }, "export")).toBe("none");
});
