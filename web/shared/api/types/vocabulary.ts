/** The language of rules as the server describes it to an editor. */

import type { Label } from "../../texts";

export interface VocabularyToken {
  kind: string;
  /** A regular expression; the first of the list that fits at a place is the token there. */
  pattern: string;
  ignores_case: boolean;
}

export interface RuleParameter {
  name: string;
  zh: string;
  optional: boolean;
  repeats: boolean;
  /** What may be written, where it must be one of a few texts. */
  words: string[];
}

export interface RuleFunction {
  name: string;
  zh: string;
  parameters: RuleParameter[];
  /** A type; "" where it is that of the arguments. */
  result: string;
  doc: Label;
  example: string;
  gives: string;
}

export interface Vocabulary {
  tokens: VocabularyToken[];
  words: { word: string; zh: string; en: string }[];
  operators: { operator: string; zh: string }[];
  /** Of durations, as they stand behind a number. */
  units: { unit: string; zh: string; en: string }[];
  functions: RuleFunction[];
}
