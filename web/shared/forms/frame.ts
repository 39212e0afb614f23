// What the application and the form page in its frame say to each other. The frame runs a third party's
// renderer, so each side reads the other's messages through these readers and drops what does not fit.

import type { Label } from "../texts";

// By field code; under `REASONS`, why values are missing, by field code again.
type Values = Record<string, unknown>;

// No field's code begins like that.
export const REASONS = "_missing";

export interface FieldState {
  hidden: boolean;
  required: boolean;
  computed: boolean;
  errors: Label[];
  /** What does not keep the record from being saved. */
  warnings?: Label[];
}

// From the application to the frame.
export type ToFrame =
  | { kind: "load"; schema: Values; values: Values; language: "zh" | "en"; readOnly: boolean }
  | { kind: "state"; fields: Record<string, FieldState>; values: Values }
  | { kind: "focus"; field: string };

// From the frame to the application. `height` is in CSS pixels; `next`: go on to another record once it is saved.
export type FromFrame =
  | { kind: "ready" }
  | { kind: "change"; field: string; value: unknown; values: Values }
  | { kind: "submit"; values: Values; next: boolean }
  | { kind: "resize"; height: number };

const TALLEST = 100_000;

/** The message in what a frame sent, or null when it is none. */
export function readFromFrame(data: unknown): FromFrame | null {
  if (!isObject(data)) return null;
  switch (data.kind) {
    case "ready":
      return { kind: "ready" };
    case "change":
      if (typeof data.field !== "string" || !isObject(data.values)) return null;
      return { kind: "change", field: data.field, value: data.value, values: data.values };
    case "submit":
      return isObject(data.values) ? { kind: "submit", values: data.values, next: data.next === true } : null;
    case "resize":
      return isHeight(data.height) ? { kind: "resize", height: data.height } : null;
    default:
      return null;
  }
}

/** The message in what the application sent, or null when it is none. */
export function readToFrame(data: unknown): ToFrame | null {
  if (!isObject(data)) return null;
  if (data.kind === "focus") return typeof data.field === "string" ? { kind: "focus", field: data.field } : null;
  if (!isObject(data.values)) return null;
  if (data.kind === "load") {
    const language = data.language === "en" ? "en" : "zh";
    if (!isObject(data.schema)) return null;
    return { kind: "load", schema: data.schema, values: data.values, language, readOnly: data.readOnly === true };
  }
  if (data.kind === "state" && isObject(data.fields) && Object.values(data.fields).every(isState)) {
    return { kind: "state", fields: data.fields as Record<string, FieldState>, values: data.values };
  }
  return null;
}

/**
 * Tell `message` to `target`, the other one's window, at once: a message that is posted waits until the whole form
 * has been painted, and what follows from a keystroke would be seen late. It is copied, as a posted one is.
 */
export function tell(target: Window, message: ToFrame | FromFrame): void {
  const data: unknown = JSON.parse(JSON.stringify(message)); // what Vue watches is no plain object
  target.dispatchEvent(new MessageEvent("message", { data, origin: window.location.origin, source: window }));
}

/**
 * Listen to the frame whose window is `source`: messages of other windows and other origins are dropped.
 * Returns what ends it.
 */
export function listenToFrame(source: () => Window | null, hear: (message: FromFrame) => void): () => void {
  const receive = (event: MessageEvent<unknown>): void => {
    if (event.origin !== window.location.origin || event.source !== source()) return;
    const message = readFromFrame(event.data);
    if (message) hear(message);
  };
  window.addEventListener("message", receive);
  return () => window.removeEventListener("message", receive);
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHeight(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= TALLEST;
}

function isState(value: unknown): value is FieldState {
  if (!isObject(value) || !Array.isArray(value.errors) || !Array.isArray(value.warnings ?? [])) return false;
  return [value.hidden, value.required, value.computed].every((flag) => typeof flag === "boolean");
}
