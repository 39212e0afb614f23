/** The colours of a rule: the server's tokens as a CodeMirror language, drawn with the interface's own colours. */

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";

import { type Lexer, QUOTES } from "../lexer";

interface State {
  /** What closes the text that an earlier line has opened. */
  closing: string;
}

const TAGS = {
  keyword: tags.keyword, operator: tags.operator, function: tags.function(tags.variableName), field: tags.propertyName,
  name: tags.propertyName, text: tags.string, number: tags.number, moment: tags.literal, duration: tags.literal,
  constant: tags.bool, open: tags.paren, close: tags.paren, comma: tags.separator,
};

export function ruleLanguage(lexer: Lexer): Extension {
  const language = StreamLanguage.define<State>({
    name: "rule",
    startState: () => ({ closing: "" }),
    tokenTable: TAGS,
    languageData: { closeBrackets: { brackets: ["(", "[", "'", '"', "\uff08", "\u3010", "\u201c", "\u2018"] } },
    token(stream, state) {
      if (state.closing) return closeText(stream, state);
      const { kind, text, to } = lexer.at(stream.string, stream.pos);
      stream.pos = to;
      const first = text[0] ?? "";
      if (kind === "error" && first in QUOTES) {
        state.closing = QUOTES[first] ?? "";
        return "text";
      }
      return kind in TAGS ? kind : null;
    },
  });
  return [language, syntaxHighlighting(STYLE)];
}

/** The rest of a text that began on an earlier line. */
function closeText(stream: { string: string; pos: number; skipToEnd(): void }, state: State): string {
  const at = stream.string.indexOf(state.closing, stream.pos);
  if (at < 0) stream.skipToEnd();
  else {
    stream.pos = at + 1;
    state.closing = "";
  }
  return "text";
}

const STYLE = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600" },
  { tag: tags.bool, color: "var(--code-keyword)" },
  { tag: tags.operator, color: "var(--ink-2)" },
  { tag: tags.function(tags.variableName), color: "var(--code-function)" },
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.literal], color: "var(--code-number)" },
  { tag: [tags.paren, tags.separator], color: "var(--ink-3)" },
]);
