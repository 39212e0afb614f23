import { describe, expect, it } from "vitest";

import { MASKED } from "../shared/api/types";
import { REASONS } from "../shared/forms/frame";
import { type ComponentSchema, fieldsOf, prepared, reasonsIn } from "./schema";

const field = (key: string, more: Partial<ComponentSchema> = {}): ComponentSchema => ({ type: "textfield", key, input: true, ...more });
const schema = {
  components: [
    {
      type: "panel", key: "_p", input: false,
      components: [
        { type: "columns", key: "_c", input: false, columns: [{ components: [field("name", { properties: { masked: true } })] }, { components: [field("no")] }] },
        field("sex", { type: "radio", values: [{ label: "男", value: "1" }, { label: "旧", value: "0", inactive: true }] }),
        field("code", { type: "select", data: { values: [{ label: "甲", value: "a&quot;&lt;&#x27;" }] } }),
      ],
    },
  ],
};
const byKey = (values: Record<string, unknown>, readOnly = false) =>
  Object.fromEntries(fieldsOf(prepared(schema, values, readOnly).components).map((one) => [one.key, one]));

describe("a form made ready for values", () => {
  it("has its fields at every depth, in order", () => {
    expect(fieldsOf(schema.components).map(({ key }) => key)).toEqual(["name", "no", "sex", "code"]);
  });

  it("does not let a masked value be typed over, but an empty masked field be filled in", () => {
    expect(byKey({ name: MASKED }).name?.disabled).toBe(true);
    expect(byKey({ name: null }).name?.disabled).toBeUndefined();
  });

  it("opens a masked field whose value is to be replaced, and says which", () => {
    const one = (values: Record<string, unknown>, readOnly = false) => fieldsOf(prepared(schema, values, readOnly, new Set(["name"])).components)[0];
    expect(one({ name: null })).toMatchObject({ veil: "replaced" });
    expect(one({ name: null })?.disabled).toBeUndefined();
    expect(one({ name: MASKED })).toMatchObject({ veil: "kept", disabled: true });
    expect(one({ name: MASKED }, true)?.veil).toBeUndefined();
  });

  it("offers choices out of use only where they are chosen", () => {
    expect(byKey({ sex: "1" }).sex?.values?.map(({ value }) => value)).toEqual(["1"]);
    expect(byKey({ sex: "0" }).sex?.values?.map(({ value }) => value)).toEqual(["1", "0"]);
  });

  it("compares codes of a list as they are", () => {
    expect(byKey({}).code?.data?.values).toEqual([{ label: "甲", value: "a\"<'" }]);
  });

  it("numbers boxes, whose codes the renderer would take for paths", () => {
    const boxes = { components: [field("b", { type: "selectboxes", values: [{ label: "肺癌", value: "C34.1" }] })] };
    expect(prepared(boxes, {}, false).components[0]).toMatchObject({ codes: ["C34.1"], values: [{ label: "肺癌", value: "box0" }] });
  });

  it("can be read only as a whole; the form itself is not changed", () => {
    expect(Object.values(byKey({}, true)).every(({ disabled }) => disabled)).toBe(true);
    expect(fieldsOf(schema.components).some(({ disabled }) => disabled)).toBe(false);
  });

  it("takes only texts for reasons", () => {
    expect(reasonsIn({ [REASONS]: { a: "refused", b: 3 } })).toEqual({ a: "refused" });
    expect(reasonsIn({})).toEqual({});
  });
});
