/** What is being written at a place of a rule: a field, a choice of a field, an operand, or an operator. */

import { type Catalogue, fieldNamed, type Named, relatedRecords, type RuleRecords, type Surroundings, surroundingsOf } from "./catalogue";
import { QUOTES, type Token } from "./lexer";
import type { Words } from "./vocabulary";

export interface Spot {
  kind: "field" | "value" | "operand" | "operator";
  /** What a completion replaces. */
  from: number;
  to: number;
  /** The part of it before the cursor, without marks. */
  typed: string;
  around: Surroundings;
  /** The first argument of a call, where related records may stand. */
  isFirst: boolean;
  /** Behind a number, where a unit may stand. */
  isCounted: boolean;
  /** The field that a value is compared with. */
  compared?: Named;
  /** The function around, and which argument it is, from 0. */
  call?: { name: string; argument: number };
}

interface Level {
  name: string;
  argument: number;
  /** The tokens of its first argument. */
  first: Token[];
}

const OPEN_FIELD = /[[\uff3b\u3010]([^[\]\uff3b\uff3d\u3010\u3011\n]*)$/;
const REST_OF_FIELD = /^[^[\]\uff3b\uff3d\u3010\u3011\n]*[\]\uff3d\u3011]/;
const ENDS_OPERAND = new Set(["field", "name", "text", "number", "moment", "duration", "constant", "close"]);

export function spotAt(text: string, at: number, words: Words, catalogue: Catalogue, type: string): Spot {
  const before = text.slice(0, at);
  const tokens = words.lexer.tokens(before);
  const { levels, around } = levelsAt(tokens, surroundingsOf(catalogue, type));
  const last = tokens.at(-1);
  const call = levels.at(-1);
  const place = { around, call: call && { name: call.name, argument: call.argument } };

  const bracket = openField(before, tokens);
  if (bracket !== null) {
    const rest = REST_OF_FIELD.exec(text.slice(at))?.[0].length ?? 0;
    const isFirst = isStart(tokens.filter(({ from }) => from < bracket.from));
    return { ...place, kind: "field", from: bracket.from, to: at + rest, typed: bracket.typed, isFirst, isCounted: false };
  }
  if (last && isUnclosed(last)) {
    const closing = QUOTES[last.text[0] ?? ""] ?? "";
    const to = text[at] === closing ? at + 1 : at;
    const compared = comparedField(tokens.slice(0, -1), words, around);
    return { ...place, kind: "value", from: last.from, to, typed: last.text.slice(1), isFirst: false, isCounted: false, compared };
  }
  const touching = last && last.to === at && ["name", "function", "keyword", "error", "operator", "constant"].includes(last.kind) ? last : undefined;
  const earlier = touching ? tokens.slice(0, -1) : tokens;
  const previous = earlier.at(-1);
  const isOperator = previous !== undefined && ENDS_OPERAND.has(previous.kind);
  const compared = isOperator ? undefined : comparedField(earlier, words, around);
  return {
    ...place,
    kind: isOperator || touching?.kind === "operator" ? "operator" : compared ? "value" : "operand",
    from: touching?.from ?? at, to: at, typed: touching?.text ?? "",
    isFirst: isStart(earlier), isCounted: previous?.kind === "number", compared,
  };
}

function openField(before: string, tokens: readonly Token[]): { from: number; typed: string } | null {
  const found = OPEN_FIELD.exec(before);
  const isInText = tokens.some((token) => found && token.from < found.index && found.index < token.to && (token.kind === "text" || isUnclosed(token)));
  return found && !isInText ? { from: found.index, typed: found[1] ?? "" } : null;
}

function isUnclosed({ kind, text }: Token): boolean {
  return kind === "error" && (text[0] ?? "") in QUOTES;
}

function isStart(earlier: readonly Token[]): boolean {
  return earlier.at(-1)?.kind === "open" && earlier.at(-2)?.kind === "function";
}

/** The calls that are open at the end of `tokens`, and what a name means there. */
function levelsAt(tokens: readonly Token[], outside: Surroundings): { levels: Level[]; around: Surroundings } {
  const levels: Level[] = [];
  for (const [i, token] of tokens.entries()) {
    const level = levels.at(-1);
    if (token.kind === "open") {
      const called = tokens[i - 1];
      levels.push({ name: called?.kind === "function" ? called.text : "", argument: 0, first: [] });
    } else if (token.kind === "close") levels.pop();
    else if (level && token.kind === "comma") level.argument += 1;
    else if (level && level.argument === 0) level.first.push(token);
  }
  const inner = levels.filter(({ name, argument }) => name && argument > 0).map(({ first }) => rangedOver(first, outside.catalogue));
  return { levels, around: { ...outside, inner: inner.filter((each) => each !== undefined).reverse() } };
}

function rangedOver([first, ...more]: readonly Token[], catalogue: Catalogue): RuleRecords | undefined {
  return first && more.length === 0 ? relatedRecords(catalogue, pathOf(first)) : undefined;
}

function pathOf({ kind, text }: Token): string {
  return kind === "field" ? text.slice(1, -1) : text;
}

/** The field before `=`, `<>`, `in (…,` or `has` at the end of `tokens`. */
function comparedField(tokens: readonly Token[], words: Words, around: Surroundings): Named | undefined {
  let at = tokens.length - 1;
  const inList = tokens[at]?.kind === "open" || tokens[at]?.kind === "comma";
  if (inList) {
    while (at >= 0 && tokens[at]?.kind !== "open") at -= 1;
    at -= 1;
  }
  const operator = tokens[at];
  const wanted = inList ? ["in", "not in"] : ["has"];
  const isWanted = operator?.kind === "keyword" && words.words.some(({ word, zh, en }) => wanted.includes(word) && [zh, en].includes(operator.text.toLowerCase()));
  if (!operator || !(isWanted || (!inList && operator.kind === "operator" && isEquality(operator.text, words)))) return undefined;
  at -= 1;
  if (tokens[at]?.kind === "keyword") at -= 1; // not
  const field = tokens[at];
  return field && ["field", "name"].includes(field.kind) ? fieldNamed(pathOf(field), around) : undefined;
}

function isEquality(written: string, { operators }: Words): boolean {
  const operator = operators.find(({ zh }) => zh === written)?.operator ?? written;
  return ["=", "==", "<>", "!=", "\u2260", "\uff1d"].includes(operator);
}
