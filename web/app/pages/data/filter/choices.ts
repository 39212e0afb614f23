/** Which of a field's choices are drawn: a value set may have tens of thousands. */

import type { Choice } from "../../../../shared/api/types";

const MOST = 200; // options drawn at once; typing narrows them

/** The first that fit what was typed; chosen ones that are not among them are there for their names alone. */
export function shownChoices(choices: readonly Choice[], typed: string, held: readonly string[]): { shown: Choice[]; unseen: Choice[] } {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const shown: Choice[] = [];
  for (const choice of choices) {
    if (shown.length === MOST) break;
    if (fits(choice, words)) shown.push(choice);
  }
  const seen = new Set(shown);
  const chosen = new Set(held);
  return { shown, unseen: choices.filter((choice) => chosen.has(choice.code) && !seen.has(choice)) };
}

function fits({ code, label }: Choice, words: readonly string[]): boolean {
  const text = `${code} ${label.zh} ${label.en}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
