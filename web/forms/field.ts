/**
 * What this page adds to a field that the renderer drew: the reason for a missing value, a calendar, problems in
 * words. All texts are set as text, never as markup.
 */

import { missingReason } from "../app/components/missingReasons/texts";
import type { FieldState } from "../shared/forms/frame";
import { pickLabel } from "../shared/texts";
import type { Component } from "./formio";
import { addPicker } from "./picker";
import type { Words } from "./texts";

export interface Around {
  language: "zh" | "en";
  words: Words;
  reasonOf(code: string): string;
  /** Someone gave a reason, or took it back with "". */
  explain(code: string, reason: string): void;
  stateOf(code: string): FieldState | undefined;
  /** Someone wants to type in place of a masked value, or leave it as it is after all. */
  replace(code: string, replaced: boolean): void;
}

/** Called whenever the renderer made the field's elements anew. */
export function dress(component: Component, around: Around): void {
  const { element, component: schema } = component;
  element.classList.add("field");
  element.dataset.field = component.key;
  const entry = schema.properties?.entry;
  if (entry) element.classList.add(`entry-${entry}`);
  if (entry === "date" || entry === "datetime" || entry === "time") addPicker(component, entry, around.words);
  if (schema.properties?.missingCodes && !schema.disabled && !schema.veil) addReasons(component, schema.properties.missingCodes, around);
  if (schema.veil) addReplacing(component, schema.veil === "replaced", around);
  guardPaste(component, around.words);
  box(element, "problems").setAttribute("role", "alert");
  showState(component, around);
}

export function showState(component: Component, around: Around): void {
  const { element } = component;
  const state = around.stateOf(component.key);
  element.classList.toggle("is-hidden", state?.hidden === true);
  element.classList.toggle("is-required", state ? state.required : component.component.validate?.required === true);
  element.classList.toggle("has-error", (state?.errors.length ?? 0) > 0);
  const tag = around.language === "zh" ? "zh-CN" : "en";
  const lines = [
    ...(state?.errors ?? []).map((label) => line(pickLabel(label, tag), "error")),
    ...(state?.warnings ?? []).map((label) => line(pickLabel(label, tag), "warning")),
  ];
  box(element, "problems").replaceChildren(...lines);
  const input = element.querySelector("input, textarea, select");
  input?.setAttribute("aria-invalid", String(lines.length > 0 && element.classList.contains("has-error")));
  showReason(component, around);
}

/** The list of reasons is offered where there is no value. */
export function showReason(component: Component, around: Around): void {
  const list = component.element.querySelector<HTMLSelectElement>("select.reason");
  if (!list) return;
  list.value = around.reasonOf(component.key);
  list.classList.toggle("given", list.value !== "");
  list.hidden = hasValue(component.dataValue);
}

export function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.values(value).some((on) => on === true);
  return value !== undefined && value !== null && value !== "";
}

function addReasons(component: Component, codes: readonly string[], around: Around): void {
  const list = document.createElement("select");
  list.className = "reason";
  list.setAttribute("aria-label", around.words("reason"));
  list.append(new Option(around.words("reason"), ""));
  for (const code of codes) list.append(new Option(pickLabel(missingReason(code), around.language === "zh" ? "zh-CN" : "en"), code));
  list.addEventListener("change", () => {
    around.explain(component.key, list.value);
    showReason(component, around);
  });
  component.element.classList.add("has-reasons");
  component.element.prepend(list);
}

/** A value that can't be seen is replaced by an act of its own, never by typing over its mask. */
function addReplacing(component: Component, replaced: boolean, { words, replace }: Around): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "replace";
  button.textContent = words(replaced ? "keep" : "replace");
  if (!replaced) button.title = words("replaceHint");
  button.addEventListener("click", () => replace(component.key, !replaced));
  component.element.classList.add("has-replace");
  component.element.prepend(button);
}

/** A text that is far too long would stop the page; it is refused whole, in words, before it is there. */
function guardPaste(component: Component, words: Words): void {
  const most = component.component.longest;
  if (!most) return;
  component.element.addEventListener("paste", (event) => {
    const length = event.clipboardData?.getData("text").length ?? 0;
    if (length <= most) return;
    event.preventDefault();
    box(component.element, "problems").replaceChildren(line(words("tooLongToPaste", { n: length, most }), "error"));
  });
}

function line(text: string, severity: "error" | "warning"): HTMLElement {
  const made = document.createElement("p");
  made.className = `problem ${severity}`;
  made.textContent = text;
  return made;
}

function box(element: HTMLElement, name: string): HTMLElement {
  const found = element.querySelector<HTMLElement>(`:scope > .${name}`);
  if (found) return found;
  const made = document.createElement("div");
  made.className = name;
  element.append(made);
  return made;
}
