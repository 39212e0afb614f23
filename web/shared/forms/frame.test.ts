// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";

import { listenToFrame, readFromFrame, readToFrame, type FromFrame, type ToFrame } from "./frame";

const said: FromFrame[] = [
  { kind: "ready" },
  { kind: "change", field: "sex", value: "1", values: { sex: "1" } },
  { kind: "submit", values: {}, next: false },
  { kind: "resize", height: 640 },
];
const field = { hidden: false, required: true, computed: false, errors: [{ zh: "必填。", en: "Required." }] };
const told: ToFrame[] = [
  { kind: "load", schema: { components: [] }, values: {}, language: "zh", readOnly: false },
  { kind: "state", fields: { sex: field, age: { ...field, warnings: [] } }, values: { bmi: 22.1 } },
  { kind: "focus", field: "sex" },
];

describe("messages between the application and the form's frame", () => {
  it.each(said)("come through as they were sent by the frame: $kind", (message) => {
    expect(readFromFrame(structuredClone(message))).toEqual(message);
  });

  it.each(told)("come through as they were sent to the frame: $kind", (message) => {
    expect(readToFrame(structuredClone(message))).toEqual(message);
  });

  it.each([null, "load", [], {}, { kind: "eval" }, { kind: "resize", height: -1 }, { kind: "submit" }])(
    "are dropped when they are none: %j",
    (data) => {
      expect(readFromFrame(data)).toBeNull();
      expect(readToFrame(data)).toBeNull();
    },
  );

  it("are heard from the frame alone", () => {
    const hear = vi.fn();
    const stop = listenToFrame(() => window, hear);
    const send = (source: Window | null, origin: string): void => {
      window.dispatchEvent(new MessageEvent("message", { data: { kind: "ready" }, source, origin }));
    };

    send(window, "null");
    send(null, window.location.origin);
    expect(hear).not.toHaveBeenCalled();

    send(window, window.location.origin);
    expect(hear).toHaveBeenCalledWith({ kind: "ready" });

    stop();
    send(window, window.location.origin);
    expect(hear).toHaveBeenCalledTimes(1);
  });
});
