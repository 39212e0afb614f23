/**
 * Form.io's renderer made fit for this page: no evaluation, no outside address, our own words, no opinion of its
 * own on values. Its CommonJS build is used, whose pieces can be taken one by one; only the components that our
 * forms have are in the bundle.
 */

import ComponentsModule from "@formio/js/lib/cjs/components/Components";
import ColumnsModule from "@formio/js/lib/cjs/components/columns/Columns";
import ContentModule from "@formio/js/lib/cjs/components/content/Content";
import PanelModule from "@formio/js/lib/cjs/components/panel/Panel";
import RadioModule from "@formio/js/lib/cjs/components/radio/Radio";
import SelectModule from "@formio/js/lib/cjs/components/select/Select";
import SelectBoxesModule from "@formio/js/lib/cjs/components/selectboxes/SelectBoxes";
import TextAreaModule from "@formio/js/lib/cjs/components/textarea/TextArea";
import TextFieldModule from "@formio/js/lib/cjs/components/textfield/TextField";
import { Formio } from "@formio/js/lib/cjs/Formio";
import { Evaluator } from "@formio/js/lib/cjs/utils/Evaluator";
import WebformModule from "@formio/js/lib/cjs/Webform";
import { Evaluator as CoreEvaluator } from "@formio/core";

import type { ComponentSchema } from "./schema";

export interface Component {
  key: string;
  component: ComponentSchema;
  element: HTMLElement;
  dataValue: unknown;
  disabled: boolean;
  setValue(value: unknown, flags?: Record<string, unknown>): boolean;
  eachComponent?(visit: (component: Component) => void): void;
  focus(): void;
}

export interface Renderer {
  ready: Promise<unknown>;
  data: Record<string, unknown>;
  element: HTMLElement;
  setForm(schema: unknown): Promise<unknown>;
  setSubmission(submission: { data: Record<string, unknown> }, flags?: Record<string, unknown>): Promise<unknown>;
  everyComponent(visit: (component: Component) => void): void;
  getComponent(key: string): Component | null;
  on(event: string, hear: (...args: never[]) => void): void;
  destroy(deep: boolean): void;
}

type Class<T> = new (...args: unknown[]) => T;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the renderer's own types do not describe its classes
type Loose = any;

/** What `import` gives for a CommonJS module differs between builds: the class, or an object that has it. */
function own<T>(module: unknown): T {
  const inner = (module as { default?: unknown }).default;
  return (inner ?? module) as T;
}

// Before anything is created: no text of a form is ever run, nothing is fetched from elsewhere.
Evaluator.noeval = true;
CoreEvaluator.noeval = true;
Formio.getUser = () => null; // it would look into cookies and stores for each piece that is drawn
Formio.cdn.setBaseUrl(new URL("/forms-offline", window.location.origin).href);

/** Called for each field as often as its elements are made anew. */
type Decorate = (component: Component) => void;
let decorate: Decorate = () => undefined;

/** Texts of a form are an admin's: never looked up in the renderer's dictionary, never filled with values. */
function literal(Base: Loose): Loose {
  return class extends Base {
    t(text: unknown, params: { _userInput?: boolean } = {}, ...rest: unknown[]) {
      return params._userInput ? (text ?? "") : super.t(text, params, ...rest);
    }
    interpolate(text: unknown, ...rest: unknown[]) {
      const drawn = typeof text !== "string" || text === this.component.template; // templates, and that of a list's items
      return drawn ? super.interpolate(text, ...rest) : text;
    }
    createTooltip(element: HTMLElement, settings: object = {}) {
      return super.createTooltip(element, { interactive: false, ...settings });
    }
  };
}

/** The renderer has no say in what is wrong with a value, and draws nothing of it: see field.ts. */
function entered(Base: Loose): Loose {
  return class extends literal(Base) {
    shouldSkipValidation() {
      return true;
    }
    setCustomValidity() {
      // it would write every field's classes anew after each key, and take our aria-invalid away
    }
    attach(element: HTMLElement) {
      const attached = super.attach(element);
      decorate(this as unknown as Component);
      return attached;
    }
  };
}

/** The list to search in has words of its own beside the renderer's. */
function listed(Base: Loose): Loose {
  return class extends entered(Base) {
    choicesOptions() {
      return {
        ...super.choicesOptions(),
        searchResultLimit: 100,
        loadingText: this.t("loading"),
        uniqueItemText: "",
        removeItemIconText: "×",
        removeItemLabelText: this.t("removeItem"),
      };
    }
  };
}

own<{ setComponents(components: Record<string, unknown>): void }>(ComponentsModule).setComponents({
  columns: literal(own(ColumnsModule)),
  content: literal(own(ContentModule)),
  panel: literal(own(PanelModule)),
  radio: entered(own(RadioModule)),
  select: listed(own(SelectModule)),
  selectboxes: entered(own(SelectBoxesModule)),
  textarea: entered(own(TextAreaModule)),
  textfield: entered(own(TextFieldModule)),
});

/** An empty form in `into`, whose own words are `words`. */
export function newRenderer(into: HTMLElement, words: Record<string, string>, whenAttached: Decorate): Renderer {
  decorate = whenAttached;
  const Webform = own<Class<Renderer>>(WebformModule);
  return new Webform(into, { language: "form", i18n: { form: words }, noAlerts: true, noDefaults: true });
}
