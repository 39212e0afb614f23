// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { afterLogin } from "./router";

describe("where to go after the login", () => {
  it("is where one wanted to go, within our own pages", () => {
    expect(afterLogin("/databases/lung/data/patient?record=7")).toBe("/databases/lung/data/patient?record=7");
    expect(afterLogin(undefined)).toBe("/");
  });

  it.each(["//elsewhere/x", "/\\elsewhere", "elsewhere:80/x", "javascript:alert(1)"])("is never %s", (to) => {
    expect(afterLogin(to)).toBe("/");
  });
});
