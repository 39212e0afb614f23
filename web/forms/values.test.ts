import { describe, expect, it } from "vitest";

import type { ComponentSchema } from "./schema";
import { wordsIn } from "./texts";
import { fromRenderer, toRenderer } from "./values";

const text = (entry = "", type = "textfield", more: Partial<ComponentSchema> = {}): ComponentSchema => ({ type, key: "f", input: true, properties: { entry }, ...more });
const boxes = text("", "selectboxes", { codes: ["C34.1", 'b"<'] });
const words = wordsIn("zh");

describe("values between the application and the renderer", () => {
  it.each([
    [text("number"), "88.40", "88.40", "88.40"],
    [text("number"), 12345678901, "12345678901", "12345678901"],
    [text(), null, "", null],
    [text("datetime"), "2026-03-05T14:20:00", "2026-03-05 14:20", "2026-03-05T14:20:00"],
    [text("datetime"), "2026-03-05T14:20:07", "2026-03-05 14:20:07", "2026-03-05T14:20:07"],
    [text("", "radio"), true, "true", "true"],
    [boxes, ["C34.1"], { box0: true, box1: false }, ["C34.1"]],
    [boxes, null, { box0: false, box1: false }, null],
    [text("", "select", { multiple: true }), ["a"], ["a"], ["a"]],
    [text("", "select", { multiple: true }), null, [], null],
  ])("come back as they went: %j %j", (field, value, held, back) => {
    expect(toRenderer(field, value, words)).toEqual(held);
    expect(fromRenderer(field, held)).toEqual(back);
  });

  it("keeps what is no moment as it was typed, for the server to refuse", () => {
    expect(fromRenderer(text("datetime"), "昨天 14 点")).toBe("昨天 14 点");
  });

  it("takes the empty box that the renderer adds for no choice", () => {
    expect(fromRenderer(boxes, { "": true, box0: false })).toBeNull();
  });

  it("shows what is computed in words", () => {
    expect(toRenderer(text("calculated"), true, words)).toBe("是");
    expect(toRenderer(text("calculated"), 12345.5, words)).toBe("12,345.5");
    expect(toRenderer(text("calculated"), "2026-03-05T14:20:00", words)).toBe("2026-03-05 14:20");
  });
});
