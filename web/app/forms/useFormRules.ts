/** The rules of a form at work in the page, and the server's word where only it can say. */

import { computed, type ComputedRef, shallowRef, watch } from "vue";

import type { FormRules, Outlook, ValueProblem } from "../../shared/api/types";
import { FormEngine, type Stored, type Typed } from "../../shared/forms/rules/engine";
import type { Look } from "../../shared/forms/rules/look";
import { ownershipOf, unreadIn } from "../../shared/forms/rules/merging";
import { contextAt } from "../../shared/rules/context";

export interface RunningRules {
  /** What all rules say to what is typed by now; null while nobody has said anything. */
  look: ComputedRef<Look | null>;
  /** Something was typed. */
  run(typed: Typed): void;
  /** The server looked at `asked`. */
  hear(outlook: Outlook, asked: Typed): void;
  /** Whether the page says by itself if this is still so. */
  owns(problem: ValueProblem): boolean;
}

interface Running {
  engine: FormEngine;
  ownership: ReturnType<typeof ownershipOf>;
  /** ms to add to this machine's clock to have the server's. */
  behind: number;
}

const NOTHING: Typed = { values: {}, missing: {} };

/** @param rules of the form on screen, null until it is there. @param stored the record that is changed. */
export function useFormRules(rules: () => FormRules | null, stored: () => Stored | null, typed: () => Typed = () => NOTHING): RunningRules {
  const mine = shallowRef<Look | null>(null);
  const theirs = shallowRef<Outlook | null>(null);
  const running = computed(() => start(rules(), stored()));
  watch(running, () => run(typed()), { immediate: true });

  function run(now: Typed): void {
    const { engine, behind } = running.value ?? {};
    mine.value = engine ? engine.look(now, contextAt(new Date(Date.now() + (behind ?? 0)).toISOString(), engine.rules.zone)) : null;
  }

  function hear(outlook: Outlook, asked: Typed): void {
    theirs.value = outlook;
    running.value?.engine.refuse(unreadIn(outlook), asked);
    run(typed());
  }

  const look = computed(() => (mine.value && running.value ? running.value.ownership.merged(mine.value, theirs.value) : theirs.value));
  return { look, run, hear, owns: (problem) => running.value?.ownership.owns(problem) ?? false };
}

/** Rules that this page is too old for are the server's alone. */
function start(rules: FormRules | null, stored: Stored | null): Running | null {
  if (!rules) return null;
  try {
    return { engine: new FormEngine(rules, stored), ownership: ownershipOf(rules), behind: Date.parse(rules.at) - Date.now() };
  } catch (error) {
    console.warn("This page can't run the rules of the form.", error);
    return null;
  }
}
