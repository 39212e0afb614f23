/** Compiles a program, once, into a function of a record and a context. It sees nothing else, and there is no eval. */

import { BY_ORDER, OF_RECORDS, OF_VALUES } from "./aggregates.ts";
import type { Context } from "./context.ts";
import * as dates from "./dates.ts";
import { compareExact, LongNumber, plainDigits, type Exact } from "./exact.ts";
import { FUNCTIONS, type RuleFunction } from "./functions.ts";
import { ARITHMETIC, NEARLY } from "./numbers.ts";
import { compilePattern } from "./pattern.ts";
import { UnknownProgram, VERSION, type Comparison, type Kind, type Node, type NodeOf, type Program } from "./program.ts";
import { compareText, contains, startsWith } from "./strings.ts";
import { finite, missingCode, READERS, relatedRecords, stored, type RecordValues, type Value } from "./values.ts";

/** A record, and the record around it for a part that is asked of each related one. */
export interface Frame {
  record: RecordValues;
  context: Context;
  around: Frame | null;
}

export type Run = (frame: Frame) => Value;
export type Rule = (record: RecordValues, context: Context) => number | boolean | string | readonly string[] | null;

/**
 * The rule that `program` is. It gives a number, text, ISO date or time, truth or list of codes; numbers of more than
 * 15 digits come as text, and null is missing or unknown.
 *
 * Throws UnknownProgram when the program is of another version, or holds a part that is not known here.
 */
export function compileProgram(program: Program): Rule {
  const run = build(checked(program).body);
  return (record, context) => shown(run({ record, context, around: null }));
}

/** `program`, if it is of a version that is known here. */
export function checked(program: Program): Program {
  if (program.version === VERSION) return program;
  throw new UnknownProgram(`This page runs rules of version ${VERSION}, not ${program.version}: load the page again`);
}

/** A value as a record would hold it. */
export function shown(value: Value): ReturnType<Rule> {
  return value instanceof LongNumber ? value.toString() : value;
}

/** The closure of a part of a program. */
export function build(node: Node): Run {
  return (known(BUILDERS, node.k, "part") as (node: Node) => Run)(node);
}

/** What `table` has under `name`. */
function known<T>(table: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  throw new UnknownProgram(`This page knows no ${what} "${name}" of rules: load the page again`);
}

type Test = (left: Value, right: Value) => boolean;

const BUILDERS: { readonly [K in Kind]: (node: NodeOf<K>) => Run } = {
  constant: ({ t, v }) => {
    const value = known(READERS, t, "type")(v);
    return () => value;
  },
  field: buildField,
  reason: ({ path, out }) => (frame) => missingCode(stored(outward(frame, out).record, path)),
  moment: ({ name }) => (name === "today" ? (frame) => dates.dateOf(frame.context.now) : (frame) => frame.context.now),
  double: ({ item }) => ofPresent(item, (value) => (value instanceof LongNumber ? finite(value.toNumber()) : value)),
  midnight: ({ item }) => ofPresent(item, (value) => dates.midnight(value as string)),
  shifted: ({ item, months, seconds }) => ofPresent(item, (value) => dates.shifted(value as string, months, seconds)),
  written: ({ item }) => ofPresent(item, (value) => plainDigits(value as Exact)),
  negative: ({ item }) => ofPresent(item, (value) => 0 - (value as number)),
  arithmetic: ({ op, left, right }) => {
    const operate = known(ARITHMETIC, op, "operation");
    return ofBoth(left, right, (a, b) => finite(operate(a as number, b as number)));
  },
  exactly: ({ of, op, left, right }) => ofBoth(left, right, exactTest(of, op)),
  nearly: ({ op, left, right }) => ofBoth(left, right, known(NEARLY, op, "comparison") as Test),
  one_of: ({ item, values }) => {
    const options = new Set<Value>(values);
    return ofPresent(item, (value) => options.has(value));
  },
  text_test: ({ op, item, part }) => ofBoth(item, part, known(TEXT_TESTS, op, "comparison") as Test),
  matches: ({ item, pattern }) => {
    const isFoundIn = compilePattern(pattern);
    return ofPresent(item, (value) => isFoundIn(value as string));
  },
  holds: ({ item, code }) => ofPresent(item, (value) => (value as string[]).includes(code)),
  combined: buildCombined,
  not: ({ item }) => ofPresent(item, (value) => !value),
  absent: ({ item }) => {
    const run = build(item);
    return (frame) => run(frame) === null;
  },
  conditional: ({ condition, then, otherwise }) => {
    const [test, yes, no] = [build(condition), build(then), build(otherwise)];
    return (frame) => (test(frame) === true ? yes(frame) : no(frame));
  },
  first_present: ({ items }) => {
    const runs = items.map(build);
    return (frame) => {
      for (const run of runs) {
        const value = run(frame);
        if (value !== null) return value;
      }
      return null;
    };
  },
  apply: buildApply,
  of_values: ({ kind, items }) => {
    const [runs, aggregate] = [items.map(build), known(OF_VALUES, kind, "aggregate")];
    return (frame) => aggregate(runs.map((run) => run(frame)).filter((value) => value !== null));
  },
  of_records: buildOfRecords,
};

function buildField({ t, path, out }: NodeOf<"field">): Run {
  const read = known(READERS, t, "type");
  if (out === 0) return (frame) => read(stored(frame.record, path));
  return (frame) => read(stored(outward(frame, out).record, path));
}

function outward(frame: Frame, out: number): Frame {
  let found = frame;
  for (let count = 0; count < out && found.around; count += 1) found = found.around;
  return found;
}

/** What is made of a value, if it is present. */
function ofPresent(item: Node, make: (value: Exclude<Value, null>) => Value): Run {
  const run = build(item);
  return (frame) => {
    const value = run(frame);
    return value === null ? null : make(value);
  };
}

/** What is made of two values, if both are present. */
function ofBoth(left: Node, right: Node, make: (left: Value, right: Value) => Value): Run {
  const [first, second] = [build(left), build(right)];
  return (frame) => {
    const a = first(frame);
    if (a === null) return null;
    const b = second(frame);
    return b === null ? null : make(a, b);
  };
}

const TEXT_TESTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  contains,
  "starts with": startsWith,
};

const ORDER: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** How values of a kind order. Dates and times do by their text; of booleans there is only equal or not. */
const COMPARE: Readonly<Record<string, (left: Value, right: Value) => number>> = {
  number: (left, right) => compareExact(left as Exact, right as Exact),
  text: (left, right) => compareText(left as string, right as string),
  value: (left, right) => (left === right ? 0 : (left ?? "") < (right ?? "") ? -1 : 1),
};

function exactTest(of: string, op: Comparison): Test {
  const [compare, holds] = [known(COMPARE, of, "comparison"), known(ORDER, op, "comparison")];
  return (left, right) => holds(compare(left, right));
}

function buildCombined({ op, items }: NodeOf<"combined">): Run {
  const runs = items.map(build);
  const decisive = known({ or: true, and: false }, op, "operation");
  return (frame) => {
    let result: Value = !decisive;
    for (const run of runs) {
      const value = run(frame);
      if (value === decisive) return decisive;
      if (value === null) result = null;
    }
    return result;
  };
}

function buildApply({ name, arguments: items, literals }: NodeOf<"apply">): Run {
  const call = known(FUNCTIONS, name, "function") as (...values: unknown[]) => ReturnType<RuleFunction>;
  const runs = items.map(build);
  return (frame) => {
    const values: unknown[] = [];
    for (const run of runs) {
      const value = run(frame);
      if (value === null) return null;
      values.push(value);
    }
    return call(...values, ...literals);
  };
}

function buildOfRecords({ kind, path, out, body, by }: NodeOf<"of_records">): Run {
  const value: Run = body ? build(body) : () => true;
  const framesOf = (frame: Frame): Frame[] =>
    relatedRecords(outward(frame, out).record, path).map((record) => ({ record, context: frame.context, around: frame }));
  if (by) {
    const [order, pick] = [build(by), known(BY_ORDER, kind, "aggregate")];
    return (frame) => pick(framesOf(frame).map((inner) => [order(inner), value(inner)] as const));
  }
  const aggregate = known(OF_RECORDS, kind, "aggregate");
  return (frame) => aggregate(framesOf(frame).map(value));
}
