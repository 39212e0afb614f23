/** A rule's text as tokens, by the server's own list of them. What is no token is an `error`, as while one types. */

import type { VocabularyToken } from "../../shared/api/types";

export const KINDS = [
  "space", "keyword", "operator", "field", "name", "function", "text", "number", "moment", "duration", "constant",
  "open", "close", "comma", "error",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Token {
  kind: Kind;
  from: number;
  to: number;
  text: string;
}

export interface Lexer {
  /** The token at a place; an `error` is one character, or goes on to the end where a text is not closed. */
  at(text: string, from: number): Token;
  /** All tokens but blanks; errors in a row are one. */
  tokens(text: string): Token[];
}

/** Opening marks of texts and the ones that close them. */
export const QUOTES: Readonly<Record<string, string>> = { "'": "'", '"': '"', "\u201c": "\u201d", "\u2018": "\u2019" };
const CALLED = /\s*[(\uff08]/y;

export function makeLexer(vocabulary: readonly VocabularyToken[]): Lexer {
  const rules = vocabulary.map(({ kind, pattern, ignores_case: any }) => ({
    kind: KINDS.find((known) => known === kind) ?? "keyword",
    pattern: new RegExp(pattern, any ? "iy" : "y"),
  }));

  function at(text: string, from: number): Token {
    for (const { kind, pattern } of rules) {
      pattern.lastIndex = from;
      const found = pattern.exec(text)?.[0];
      if (found) return { kind: kind === "name" && isCalled(text, from + found.length) ? "function" : kind, from, to: from + found.length, text: found };
    }
    const first = String.fromCodePoint(text.codePointAt(from) ?? 0);
    const to = first in QUOTES ? text.length : from + first.length;
    return { kind: "error", from, to, text: text.slice(from, to) };
  }

  function tokens(text: string): Token[] {
    const found: Token[] = [];
    for (let from = 0; from < text.length; ) {
      const token = at(text, from);
      const last = found.at(-1);
      if (token.kind === "error" && last?.kind === "error" && last.to === from && !((token.text[0] ?? "") in QUOTES)) {
        found[found.length - 1] = { ...last, to: token.to, text: last.text + token.text };
      } else if (token.kind !== "space") found.push(token);
      from = token.to;
    }
    return found;
  }

  return { at, tokens };
}

function isCalled(text: string, from: number): boolean {
  CALLED.lastIndex = from;
  return CALLED.test(text);
}
