/** The vocabulary of rules with its lexer, and functions as they are written in either language. */

import type { RuleFunction, Vocabulary } from "../../shared/api/types";
import { type Language, pickLabel } from "../../shared/texts";
import { type Lexer, makeLexer } from "./lexer";

export interface Words extends Vocabulary {
  lexer: Lexer;
}

export const withLexer = (vocabulary: Vocabulary): Words => ({ ...vocabulary, lexer: makeLexer(vocabulary.tokens) });

export function functionName({ name, zh }: Pick<RuleFunction, "name" | "zh">, language: Language): string {
  return language === "en" ? name : zh;
}

/** `round(number, [digits])`, in either language. */
export function signatureOf(it: RuleFunction, language: Language): string {
  const written = it.parameters.map(({ name, zh, optional, repeats }) => {
    const shown = language === "en" ? name : zh;
    return repeats ? `${shown}, \u2026` : optional ? `[${shown}]` : shown;
  });
  return `${functionName(it, language)}(${written.join(", ")})`;
}

/** What a function does, without the marks of code. */
export function docOf({ doc }: RuleFunction, language: Language): string {
  return pickLabel(doc, language).replaceAll("`", "");
}
