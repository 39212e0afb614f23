/**
 * Runs forms outside a browser: a line of JSON `{rules, stored, turns, now, zone}` in, a line `{looks}` or `{error}`
 * out: for each turn what the page shows once the server has answered `theirs` to what was `typed`.
 */

import process from "node:process";
import { createInterface } from "node:readline";

import type { FormRules } from "../../api/types/forms.ts";
import { contextAt } from "../../rules/context.ts";
import { FormEngine, type Stored, type Typed } from "./engine.ts";
import type { Look } from "./look.ts";
import { ownershipOf, unreadIn } from "./merging.ts";

interface Question {
  rules: FormRules;
  stored: Stored | null;
  turns: { typed: Typed; theirs: Look }[];
  now: string;
  zone: string;
}

function answer(line: string): object {
  try {
    const { rules, stored, turns, now, zone } = JSON.parse(line) as Question;
    const [engine, { merged }, context] = [new FormEngine(rules, stored), ownershipOf(rules), contextAt(now, zone)];
    const looks = turns.map(({ typed, theirs }) => {
      engine.look(typed, context);
      engine.refuse(unreadIn(theirs), typed);
      return merged(engine.look(typed, context), theirs);
    });
    return { looks };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}
