/** A calendar or clock beside a field that is typed into: the browser's own, opened by a button. */

import { forNative, type MomentKind, NATIVE_TYPES } from "../shared/format/moments";
import type { Component } from "./formio";
import type { Words } from "./texts";

export function addPicker(component: Component, entry: MomentKind, words: Words): void {
  const input = component.element.querySelector<HTMLInputElement>("input.form-control");
  if (!input || input.disabled) return;
  const native = document.createElement("input");
  native.type = NATIVE_TYPES[entry];
  native.className = "native-picker";
  native.tabIndex = -1;
  native.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1; // the field itself is typed into; the button is for the mouse
  button.className = `pick pick-${entry === "time" ? "time" : "date"}`;
  button.title = words(entry === "time" ? "pickTime" : "pickDate");
  button.setAttribute("aria-label", button.title);
  button.addEventListener("click", () => {
    native.value = forNative(entry, input.value);
    native.showPicker();
  });
  native.addEventListener("input", () => {
    input.value = native.value.replace("T", " ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  input.after(button, native);
}
