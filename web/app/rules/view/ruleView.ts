/** The editor of a rule, in a shadow tree: the pages' security policy takes styles from there, not from the page. */

import { acceptCompletion, closeBrackets, closeBracketsKeymap, completionStatus } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { type Diagnostic, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";

import { completeTyped, ruleCompletion, type Writing } from "./completion";
import { theme } from "./theme";
import { ruleLanguage } from "./tokens";

export interface Mark {
  from: number;
  to: number;
  severity: "error" | "warning" | "info";
  message: string;
  acts: { name: string; insert: string }[];
}

/** What may change while the editor stands. */
export interface Settings {
  label: string;
  placeholder: string;
  readonly: boolean;
  /** What is wrong, for screen readers; "" where nothing is. */
  description: string;
}

export interface RuleViewOptions {
  text: string;
  lines: "one" | "many";
  settings: Settings;
  writing: () => Writing;
  onChange(text: string): void;
  /** The cursor, while a list of what can be written there is open; else null. */
  onChoosing(cursor: number | null): void;
  /** Enter in one line, Ctrl-Enter in many. */
  onSubmit(): void;
}

export interface RuleView {
  text(): string;
  cursor(): number;
  /** By a program; the cursor stays where it can. */
  setText(text: string, cursor?: number): void;
  set(settings: Settings): void;
  mark(marks: readonly Mark[]): void;
  insert(text: string, cursor?: number): void;
  replace(from: number, to: number, text: string): void;
  select(from: number, to: number): void;
  focus(): void;
  /** Offer what can be written at the cursor, if it would be offered after a key. */
  complete(): void;
  destroy(): void;
}

export function mountRuleView(host: HTMLElement, options: RuleViewOptions): RuleView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
  const changing = new Compartment();
  const isOne = options.lines === "one";
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: isOne ? oneLine(options.text) : options.text,
      extensions: [
        ruleLanguage(options.writing().words.lexer),
        ruleCompletion(options.writing),
        history(), bracketMatching(), closeBrackets(), drawSelection(), EditorView.lineWrapping, theme,
        keymap.of([
          { key: "Tab", run: (it) => completionStatus(it.state) === "active" && acceptCompletion(it) },
          { key: isOne ? "Enter" : "Mod-Enter", run: () => (options.onSubmit(), true) },
          ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap.filter(({ key }) => key === "F8"),
          // Where there is nothing to undo, it is not the page's turn.
          ...["Mod-z", "Mod-y", "Mod-Shift-z"].map((key) => ({ key, run: () => true })),
        ]),
        isOne ? ONE_LINE : [],
        TYPED_OVER,
        changing.of(settingsOf(options.settings)),
        EditorView.updateListener.of(({ docChanged, state, transactions }) => {
          const isOwn = transactions.some((each) => each.annotation(Transaction.userEvent) === SET);
          if (docChanged && !isOwn) options.onChange(state.doc.toString());
          options.onChoosing(completionStatus(state) === "active" ? state.selection.main.head : null);
        }),
      ],
    }),
  });

  root.addEventListener("keydown", (event) => event.defaultPrevented && event.stopPropagation()); // what is handled here

  const replace = (from: number, to: number, text: string, cursor = text.length) =>
    view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + cursor }, userEvent: "input", scrollIntoView: true });

  return {
    text: () => view.state.doc.toString(),
    cursor: () => view.state.selection.main.head,
    setText(text, cursor) {
      const given = isOne ? oneLine(text) : text;
      const { length } = view.state.doc;
      const anchor = Math.min(cursor ?? view.state.selection.main.head, given.length);
      if (given !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: length, insert: given }, selection: { anchor }, userEvent: SET });
    },
    set: (settings) => view.dispatch({ effects: changing.reconfigure(settingsOf(settings)) }),
    mark(marks) {
      const { length } = view.state.doc;
      view.dispatch(setDiagnostics(view.state, marks.filter(({ from }) => from <= length).map((mark) => diagnostic(mark, length))));
    },
    insert(text, cursor) {
      const { from, to } = view.state.selection.main;
      replace(from, to, text, cursor);
      view.focus();
    },
    replace(from, to, text) {
      replace(from, to, text);
      view.focus();
    },
    select: (from, to) => view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true }),
    focus: () => view.focus(),
    complete: () => completeTyped(view, options.writing()),
    destroy: () => view.destroy(),
  };
}

const SET = "set"; // by a program, not by the keyboard

function settingsOf({ label, placeholder: hint, readonly, description }: Settings): Extension {
  const attributes = { "aria-label": label, spellcheck: "false", autocapitalize: "off", "aria-invalid": String(description !== ""), ...(description && { "aria-description": description }) };
  return [
    EditorView.contentAttributes.of(attributes),
    EditorState.readOnly.of(readonly), EditorView.editable.of(!readonly),
    hint ? placeholder(hint) : [],
  ];
}

function diagnostic({ from, to, severity, message, acts }: Mark, length: number): Diagnostic {
  const actions = acts.map(({ name, insert }) => ({
    name,
    apply: (view: EditorView, start: number, end: number) => view.dispatch({ changes: { from: start, to: end, insert }, userEvent: "input" }),
  }));
  return { from, to: Math.min(to, length), severity, message, actions };
}

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, " ");

/** Pasted lines become one; a line's end comes in no other way, as Enter is taken. */
const ONE_LINE = [
  EditorView.clipboardInputFilter.of(oneLine),
  EditorState.transactionFilter.of((change) => (change.docChanged && change.newDoc.lines > 1 && change.startState.doc.lines === 1 ? [] : change)),
];

/** Typing over a selection: left to the browser, it would bring styles of its own, which the pages' policy refuses. */
const TYPED_OVER = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const { data } = event;
    if (event.inputType !== "insertText" || event.isComposing || empty || !data || view.state.readOnly) return false;
    const insert = () => view.state.update({ changes: { from, to, insert: data }, selection: { anchor: from + data.length }, userEvent: "input.type", scrollIntoView: true });
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});
