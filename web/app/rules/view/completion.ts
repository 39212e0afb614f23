/** Completion: what can be written at the cursor, as CodeMirror shows and inserts it. */

import { autocompletion, type Completion, type CompletionContext, type CompletionResult, startCompletion } from "@codemirror/autocomplete";
import type { EditorState, Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

import type { Language } from "../../../shared/texts";
import type { Catalogue } from "../catalogue";
import { type Offer, offersAt } from "../offers";
import { type Spot, spotAt } from "../spot";
import { docOf, signatureOf, type Words } from "../vocabulary";

export interface Writing {
  words: Words;
  /** Null while it is not known. */
  catalogue: Catalogue | null;
  type: string;
  language: Language;
}

export function ruleCompletion(writing: () => Writing): Extension {
  return autocompletion({
    override: [(context) => completions(context, writing())],
    activateOnTyping: true,
    icons: true,
    maxRenderedOptions: 80,
    closeOnBlur: true,
    interactionDelay: 0, // Enter belongs to the list as soon as it is in sight
  });
}

/** Open the list as if what stands before the cursor had just been typed. */
export function completeTyped(view: EditorView, writing: Writing): void {
  if (isAsked(spotIn(view.state, view.state.selection.main.head, writing))) startCompletion(view);
}

function spotIn({ doc }: EditorState, pos: number, { words, catalogue, type }: Writing): Spot {
  return spotAt(doc.toString(), pos, words, catalogue ?? [], type);
}

function completions({ state, pos, explicit }: CompletionContext, writing: Writing): CompletionResult | null {
  const { words, language } = writing;
  if (state.readOnly) return null;
  const spot = spotIn(state, pos, writing);
  if (!explicit && !isAsked(spot)) return null;
  const options = offersAt(spot, words, language);
  const isWritten = !explicit && options[0]?.insert.trim() === state.sliceDoc(spot.from, spot.to);
  if (options.length === 0 || isWritten) return null; // Enter then means the rule
  return { from: spot.from, to: spot.to, options: options.map((offer) => option(offer, language)), filter: false };
}

/** A list that opens by itself: in brackets, where a choice is due, or once something is typed. */
function isAsked({ kind, typed, compared }: Spot): boolean {
  if (kind === "field") return true;
  if (kind === "value") return Boolean(compared?.field.choices.length || compared?.field.type === "boolean" || /^\w|[\u3400-\u9fff]/.test(typed));
  return /^[A-Za-z_\u3400-\u9fff]/.test(typed);
}

function option(offer: Offer, language: Language): Completion {
  const { kind, label, detail, help } = offer;
  return {
    label, detail, type: kind,
    apply: (view, _completion, from, to) => insert(view, offer, from, to),
    ...(help && { info: () => helpOn(help, language) }),
  };
}

function insert(view: EditorView, { insert: text, cursor, kind }: Offer, from: number, to: number): void {
  const rest = view.state.sliceDoc(to, to + 1);
  // A call that has its brackets already gets no others, and no second blank follows a word.
  const called = kind === "function" && /[(\uff08]/.test(rest) ? text.slice(0, -2) : text.endsWith(" ") && rest === " " ? text.slice(0, -1) : text;
  const end = called === text ? from + (cursor ?? text.length) : from + called.length + 1;
  view.dispatch({ changes: { from, to, insert: called }, selection: { anchor: end }, userEvent: "input.complete", scrollIntoView: true });
  if (kind === "operator" || cursor !== undefined) startCompletion(view);
}

function helpOn(help: NonNullable<Offer["help"]>, language: Language): HTMLElement {
  const box = document.createElement("div");
  const add = (tag: "code" | "p", text: string, name = "") => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = name;
    box.append(element);
  };
  add("code", signatureOf(help, language));
  add("p", docOf(help, language));
  add("p", `${help.example} \u2192 ${help.gives}`, "example");
  return box;
}
