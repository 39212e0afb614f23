/**
 * The rules of one form at work: derive, then skip, then check, in the order of the server. A change runs again only
 * the rules that depend on it.
 */

import type { FormRules, Reading } from "../../api/types/forms.ts";
import { compileProgram, type Rule } from "../../rules/compile.ts";
import type { Context } from "../../rules/context.ts";
import { nodesBelow, type Node, type Program } from "../../rules/program.ts";
import { type Look, outlookOf, type Results } from "./look.ts";
import { read, Unreadable } from "./reading.ts";
import { castTo } from "./results.ts";

export interface Stored {
  values: Readonly<Record<string, unknown>>;
  missing: Readonly<Record<string, string>>;
}

/** What changes in the stored record, as it is sent when it is saved. */
export interface Typed {
  values: Readonly<Record<string, unknown>>;
  missing: Readonly<Record<string, string | null>>;
}

interface Step {
  rule: Rule;
  /** Own fields and ancestors' paths. */
  reads: readonly string[];
  timed: boolean;
  take(result: ReturnType<Rule>): void;
}

const NOTHING: Stored = { values: {}, missing: {} };
const UNTYPED: Typed = { values: {}, missing: {} };

export class FormEngine implements Results {
  readonly rules: FormRules;
  readonly values: Record<string, unknown> = {};
  readonly unread = new Map<string, Unreadable | null>();
  readonly reasons = new Map<string, string>();
  readonly skipped = new Set<string>();
  readonly needed = new Set<string>();
  readonly failed = new Set<number>();
  private readonly stored: Stored;
  /** What rules see, by path. */
  private readonly seen: Record<string, unknown>;
  private readonly spellings = new Map<string, string[]>();
  private readonly steps: Step[];
  private readonly dependents = new Map<string, number[]>();
  private readonly due: boolean[];
  private typed: Typed = UNTYPED;
  private now = "";
  /** What the server alone could not read, and so is no value. */
  private readonly refused = new Map<string, unknown>();

  /** Throws UnknownProgram when this page can't run the rules. */
  constructor(rules: FormRules, stored: Stored | null) {
    this.rules = rules;
    this.stored = stored ?? NOTHING;
    this.seen = { ...rules.around };
    for (const [path, code] of Object.entries(rules.aliases)) listUnder(this.spellings, code, path);
    this.steps = this.stepsOf(rules);
    this.due = this.steps.map(() => true);
    this.steps.forEach(({ reads }, at) => reads.forEach((path) => listUnder(this.dependents, path, at)));
    const codes = new Set([...Object.keys(rules.fields), ...Object.keys(this.stored.values), ...Object.keys(this.stored.missing)]);
    for (const code of codes) this.take(code);
  }

  /** What the rules say to `typed` at the moment of `context`. */
  look(typed: Typed, context: Context): Look {
    const before = this.typed;
    this.typed = typed;
    for (const code of changedCodes(before, typed)) this.take(code);
    if (context.now !== this.now) this.steps.forEach(({ timed }, at) => timed && (this.due[at] = true));
    this.now = context.now;
    this.steps.forEach((step, at) => {
      if (!this.due[at]) return;
      this.due[at] = false;
      step.take(step.rule(this.seen, context));
    });
    return outlookOf(this, context);
  }

  /** The server could not read these fields when `asked`: until they change they have no value. */
  refuse(codes: Iterable<string>, asked: Typed): void {
    const before = [...this.refused.keys()];
    this.refused.clear();
    for (const code of codes) if (code in this.rules.fields) this.refused.set(code, asked.values[code]);
    for (const code of new Set([...before, ...this.refused.keys()])) this.take(code);
  }

  private stepsOf(rules: FormRules): Step[] {
    const flag = <K>(set: Set<K>, key: K) => (on: boolean) => void (on ? set.add(key) : set.delete(key));
    const skips = rules.skips.map(({ key, program }) => [program, flag(this.skipped, key)] as const);
    const needs = rules.required_if.map(({ field, program }) => [program, flag(this.needed, field)] as const);
    const checks = rules.checks.map(({ program }, at) => [program, flag(this.failed, at)] as const);
    return [
      ...rules.calculations.map(({ field, program, cast }) => this.step(program, (result) => this.put(field, castTo(cast, result)))),
      ...skips.map(([program, set]) => this.step(program, (result) => set(result !== true))),
      ...needs.map(([program, set]) => this.step(program, (result) => set(result === true))),
      ...checks.map(([program, set]) => this.step(program, (result) => set(result === false))),
    ];
  }

  private step(program: Program, take: Step["take"]): Step {
    const reads = program.reads.map((path) => this.rules.aliases[path] ?? path);
    return { rule: compileProgram(program), reads, timed: readsClock(program.body), take };
  }

  /** Read what a field holds now. What can't be read leaves the stored value in its place. */
  private take(code: string): void {
    const value = this.valueOf(code);
    const given = Object.hasOwn(this.typed.missing, code) ? this.typed.missing[code] : this.stored.missing[code];
    const reason = given && (value ?? null) === null ? given : null;
    if (reason) this.reasons.set(code, reason);
    else this.reasons.delete(code);
    this.put(code, value, reason);
  }

  private valueOf(code: string): unknown {
    const stored = this.stored.values[code] ?? null;
    const reading = Object.hasOwn(this.rules.fields, code) ? this.rules.fields[code] : undefined;
    this.unread.delete(code);
    if (!reading || !Object.hasOwn(this.typed.values, code)) return stored;
    const typed = this.typed.values[code];
    const found = this.refused.has(code) && same(this.refused.get(code), typed) ? null : readOr(reading, typed);
    if (found !== null && !(found instanceof Unreadable)) return found.value;
    this.unread.set(code, found);
    return stored;
  }

  /** A value, and what depends on it is due. */
  private put(code: string, value: unknown, reason: string | null = null): void {
    this.values[code] = value;
    const shown = reason ? { missing: reason } : value;
    if (Object.hasOwn(this.seen, code) && same(this.seen[code], shown)) return;
    this.seen[code] = shown;
    for (const path of this.spellings.get(code) ?? []) this.seen[path] = shown;
    for (const at of this.dependents.get(code) ?? []) this.due[at] = true;
  }
}

function readOr(reading: Reading, typed: unknown): { value: unknown } | Unreadable {
  try {
    return { value: read(reading, typed) };
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

function changedCodes(from: Typed, to: Typed): string[] {
  const codes = new Set([from.values, from.missing, to.values, to.missing].flatMap((part) => Object.keys(part)));
  return [...codes].filter((code) => !(sameUnder(code, from.values, to.values) && sameUnder(code, from.missing, to.missing)));
}

function sameUnder(code: string, from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(from, code) === Object.hasOwn(to, code) && same(from[code], to[code]);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other));
}

function readsClock(node: Node): boolean {
  return node.k === "moment" || nodesBelow(node).some(readsClock);
}

function listUnder<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
