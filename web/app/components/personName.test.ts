// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";

import { setLanguage } from "../language";
import { personName } from "./personName";

describe("who did something", () => {
  afterEach(() => setLanguage("zh-CN"));

  it("is the account, or the platform in the reader's language", () => {
    setLanguage("zh-CN");
    expect([personName("wang.min"), personName("system"), personName("operator:root")]).toEqual(["wang.min", "系统", "命令行（root）"]);
    setLanguage("en");
    expect([personName("system"), personName("operator:root"), personName(null)]).toEqual(["System", "Command line (root)", ""]);
  });
});
