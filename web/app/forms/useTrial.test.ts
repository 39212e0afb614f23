import { effectScope, nextTick, shallowRef } from "vue";
import { expect, it } from "vitest";

import type { FormRules } from "../../shared/api/types";
import { REASONS } from "../../shared/forms/frame";
import { above, rulesWith, times } from "../../shared/forms/rules/testing";
import { typedIn, useTrial } from "./useTrial";

const RULES = rulesWith({
  fields: { a: { as: "integer" }, b: { as: "integer" } },
  calculations: [{ field: "double", program: times("a", 2), cast: { to: "integer" } }],
  skips: [{ key: "b", program: above("double", 10) }],
  required: ["a"],
});

it("a form that is tried out answers to what is typed, and complains only of what was touched", async () => {
  const rules = shallowRef<FormRules | null>(null);
  const trial = effectScope().run(() => useTrial(() => rules.value));
  expect(trial?.state.value).toBeUndefined();
  rules.value = RULES;
  await nextTick();
  expect(trial?.state.value?.fields).toMatchObject({ a: { required: true, errors: [] }, b: { hidden: true }, double: { computed: true } });

  trial?.take("a", { a: "6", b: null });
  expect(trial?.state.value).toMatchObject({ values: { double: 12 }, fields: { b: { hidden: false } } });
  trial?.take("a", { a: "", b: null });
  expect(trial?.state.value?.fields.a?.errors).toHaveLength(1);
});

it("what the frame tells is what a new record would hold", () => {
  expect(typedIn({ a: "1", b: null, [REASONS]: { b: "refused" } })).toEqual({ values: { a: "1" }, missing: { b: "refused" } });
});
