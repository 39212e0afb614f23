/** One form as it is shown, filled in and told about; what the page does with each message of the application. */

import { MASKED } from "../shared/api/types";
import { type FieldState, type FromFrame, REASONS, type ToFrame } from "../shared/forms/frame";
import { type Around, dress, showReason, showState } from "./field";
import { type Component, newRenderer, type Renderer } from "./formio";
import { type ComponentSchema, fieldsOf, type FormSchema, prepared, reasonsIn, type Values } from "./schema";
import { dictionary, wordsIn } from "./texts";
import { fromRenderer, toRenderer } from "./values";

type Load = Extract<ToFrame, { kind: "load" }>;
type State = Extract<ToFrame, { kind: "state" }>;

export class FormSession {
  private renderer: Renderer | null = null;
  private shown = "";
  private fields = new Map<string, ComponentSchema>();
  private components = new Map<string, Component>();
  private reasons = new Map<string, string>();
  private states: Record<string, FieldState> = {};
  /** Keys of headings and texts. */
  private items: string[] = [];
  private around: Around | null = null;
  /** Values as the application knows them, by field code, as JSON. */
  private heard = new Map<string, string>();
  private filling = false;
  private last: Load | null = null;
  /** Masked fields in whose place something is typed. */
  private replaced = new Set<string>();

  constructor(
    private readonly into: HTMLElement,
    private readonly say: (message: FromFrame) => void,
    /** Runs an act of this form's own after the messages that came before it. */
    private readonly after: (act: () => Promise<void>) => void,
  ) {}

  async load(message: Load): Promise<void> {
    this.last = message;
    for (const code of this.replaced) if (message.values[code] === MASKED) this.replaced.delete(code);
    const schema = prepared(message.schema as unknown as FormSchema, message.values, message.readOnly, this.replaced);
    const asked = JSON.stringify([schema, message.language]);
    this.reasons = new Map(Object.entries(reasonsIn(message.values)));
    this.states = {};
    this.filling = true; // what the renderer says meanwhile is not what somebody typed
    if (asked !== this.shown) await this.draw(schema, message);
    this.shown = asked;
    await this.fill(message.values);
    this.filling = false;
    this.showStates();
  }

  state({ fields, values }: State): void {
    const before = this.states;
    this.states = fields;
    for (const [code, value] of Object.entries(values)) this.show(code, value);
    if (REASONS in values) this.reasons = new Map(Object.entries(reasonsIn(values)));
    const differs = (key: string) => JSON.stringify(before[key]) !== JSON.stringify(fields[key]);
    this.showStates(Object.keys({ ...before, ...fields }).filter(differs));
  }

  /** The renderer takes some time for a value, so it gets only those that differ. */
  private show(code: string, value: unknown): void {
    const [field, component] = [this.fields.get(code), this.components.get(code)];
    if (!field || !component || !this.around) return;
    const next = toRenderer(field, value, this.around.words);
    if (JSON.stringify(next) === JSON.stringify(this.renderer?.data[code])) return;
    component.setValue(next, { noUpdateEvent: true });
    this.heard.set(code, JSON.stringify(this.valueOf(code, field)));
  }

  focus(code: string): void {
    const component = this.components.get(code);
    component?.element.scrollIntoView({ block: "center" });
    component?.element.querySelector<HTMLElement>("input, textarea, select")?.focus({ preventScroll: true });
  }

  submit(next: boolean): void {
    this.listen();
    if (this.renderer) this.say({ kind: "submit", values: this.values(), next });
  }

  private async draw(schema: FormSchema, { language }: Load): Promise<void> {
    this.renderer?.destroy(true);
    this.into.replaceChildren();
    const around = (this.around = {
      language,
      words: wordsIn(language),
      reasonOf: (code) => this.reasons.get(code) ?? "",
      explain: (code, reason) => this.explain(code, reason),
      stateOf: (code) => this.states[code],
      replace: (code, replaced) => this.after(() => this.replace(code, replaced)),
    });
    this.fields = new Map(fieldsOf(schema.components).map((field) => [field.key, field]));
    const renderer = (this.renderer = newRenderer(this.into, dictionary(language), (component) => dress(component, around)));
    await renderer.setForm({ display: "form", ...schema });
    await renderer.ready;
    this.components = new Map();
    renderer.everyComponent((component) => this.components.set(component.key, component));
    this.items = [...this.components.keys()].filter((key) => !this.fields.has(key));
    renderer.on("change", () => this.listen());
  }

  /** Tell what was typed since the last time. The renderer's own event comes late and names one field of several. */
  listen(): void {
    if (!this.renderer || this.filling) return;
    for (const [code, field] of this.fields) {
      if (field.disabled) continue;
      const value = this.valueOf(code, field);
      const now = JSON.stringify(value);
      if (now === this.heard.get(code)) continue;
      this.heard.set(code, now);
      this.changed(code, value);
    }
  }

  private async fill(values: Values): Promise<void> {
    const { renderer, around } = this;
    if (!renderer || !around) return;
    const data = Object.fromEntries([...this.fields].map(([code, field]) => [code, toRenderer(field, values[code], around.words)]));
    await renderer.setSubmission({ data }, { noValidate: true, fromSubmission: true });
    this.remember();
  }

  private remember(): void {
    this.heard = new Map([...this.fields].map(([code, field]) => [code, JSON.stringify(this.valueOf(code, field))]));
  }

  private changed(code: string, value: unknown): void {
    if (value !== null) this.reasons.delete(code);
    const component = this.components.get(code);
    if (component && this.around) showReason(component, this.around);
    this.say({ kind: "change", field: code, value, values: this.values() });
  }

  private explain(code: string, reason: string): void {
    if (reason) this.reasons.set(code, reason);
    else this.reasons.delete(code);
    this.say({ kind: "change", field: code, value: null, values: this.values() });
  }

  /** The form is drawn anew with the field open or closed; what else is typed and said stays. */
  private async replace(code: string, replaced: boolean): Promise<void> {
    if (!this.last) return;
    const [states, typed] = [this.states, this.values()];
    if (replaced) this.replaced.add(code);
    this.into.style.minHeight = `${this.into.offsetHeight}px`; // the page around must not jump
    await this.load({ ...this.last, values: { ...this.last.values, ...typed, [code]: replaced ? null : MASKED } });
    this.into.style.minHeight = "";
    this.states = states;
    this.showStates();
    if (replaced) this.components.get(code)?.element.querySelector<HTMLElement>("input, textarea, select")?.focus({ preventScroll: true });
    else this.say({ kind: "change", field: code, value: null, values: this.values() });
  }

  private valueOf(code: string, field: ComponentSchema): unknown {
    return fromRenderer(field, this.renderer?.data[code]);
  }

  private values(): Values {
    const typed = [...this.fields].filter(([, field]) => !field.disabled);
    return { ...Object.fromEntries(typed.map(([code, field]) => [code, this.valueOf(code, field)])), [REASONS]: Object.fromEntries(this.reasons) };
  }

  /** A heading hides all that stands below it. */
  private skip(key: string): void {
    const element = this.components.get(key)?.element;
    if (this.states[key]?.hidden) element?.classList.add("is-hidden");
    else if (element?.classList.contains("formio-component-content")) element.classList.remove("is-hidden");
  }

  private showStates(codes: Iterable<string> = this.fields.keys()): void {
    const { around } = this;
    if (!around) return;
    for (const code of codes) {
      const component = this.components.get(code);
      if (component && this.fields.has(code)) showState(component, around);
    }
    closeUp(this.into);
    for (const key of this.items) this.skip(key);
  }
}

/** Places of hidden fields leave no gap, sections without any field in sight no heading. */
function closeUp(form: HTMLElement): void {
  for (const column of form.querySelectorAll<HTMLElement>(".formio-component-columns > div")) {
    column.classList.toggle("is-hidden", column.querySelector(".field:not(.is-hidden)") === null);
  }
  for (const row of form.querySelectorAll<HTMLElement>(".formio-component-columns")) {
    row.classList.toggle("is-hidden", row.querySelector(".field:not(.is-hidden)") === null);
  }
  for (const panel of form.querySelectorAll<HTMLElement>(".formio-component-panel")) {
    const fields = panel.querySelectorAll(".field");
    panel.classList.toggle("is-hidden", fields.length > 0 && panel.querySelector(".field:not(.is-hidden)") === null);
  }
}
