import { describe, expect, it } from "vitest";

import { matches, type Pressed } from "./shortcuts";

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, ...more,
});

describe("a shortcut", () => {
  it.each([
    ["Ctrl+K", press("k", { ctrlKey: true }), true],
    ["Ctrl+K", press("k", { metaKey: true }), true],
    ["Ctrl+K", press("k"), false],
    ["?", press("?", { shiftKey: true }), true],
    ["J", press("j", { ctrlKey: true }), false],
    ["J", press("j", { isComposing: true }), false],
  ])("%s pressed as %j: %s", (keys, event, expected) => expect(matches(keys, event)).toBe(expected));
});
