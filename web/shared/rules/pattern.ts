/**
 * Whether a pattern is found in a text, in time linear in the text whatever the pattern: a Thompson machine whose
 * sets of states are made and remembered as the text calls for them, not a backtracking search.
 */

import type { Pattern } from "./program.ts";

type State =
  | { on: "set"; set: number; next: number }
  | { on: "start" | "end"; next: number }
  | { on: "split"; next: number[] }
  | { on: "found" };

/** States that the machine may be in at one place of the text. */
interface Place {
  states: readonly number[];
  isFound: boolean;
  next: (Place | undefined)[];
}

const FOUND = 0;
const MOST_REMEMBERED = 1_000_000;

/** A test of texts for `pattern`, anywhere in them. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const matcher = new Matcher(new Machine(pattern));
  return (text) => matcher.isFoundIn(text);
}

/** The states of a pattern, and its characters sorted into classes that it doesn't tell apart. */
class Machine {
  readonly states: State[] = [{ on: "found" }];
  readonly start: number;
  readonly alphabet: Alphabet;
  /** For each set of characters, whether it holds a class. */
  readonly holds: boolean[][];
  private readonly sets: [number, number][][] = [];
  private readonly numbers = new Map<Pattern, number>();

  constructor(pattern: Pattern) {
    this.start = this.build(pattern, FOUND);
    this.alphabet = new Alphabet(this.sets.flat());
    this.holds = this.sets.map((ranges) => this.alphabet.classesIn(ranges));
  }

  /** The first state of `pattern`, after which the machine goes on with state `next`. */
  private build(pattern: Pattern, next: number): number {
    switch (pattern.p) {
      case "set":
        return this.add({ on: "set", set: this.setOf(pattern, pattern.ranges), next });
      case "sequence":
        return pattern.items.reduceRight((after, item) => this.build(item, after), next);
      case "either":
        return this.add({ on: "split", next: pattern.items.map((item) => this.build(item, next)) });
      case "repeat":
        return this.repeat(pattern.item, pattern.least, pattern.most, next);
      case "start":
      case "end":
        return this.add({ on: pattern.p, next });
    }
  }

  private repeat(item: Pattern, least: number, most: number | null, next: number): number {
    let after = next;
    if (most === null) {
      const ways: number[] = [];
      after = this.add({ on: "split", next: ways });
      ways.push(this.build(item, after), next);
    } else {
      for (let count = least; count < most; count += 1) {
        after = this.add({ on: "split", next: [this.build(item, after), next] });
      }
    }
    for (let count = 0; count < least; count += 1) after = this.build(item, after);
    return after;
  }

  private add(state: State): number {
    return this.states.push(state) - 1;
  }

  private setOf(pattern: Pattern, ranges: [number, number][]): number {
    const known = this.numbers.get(pattern);
    if (known !== undefined) return known;
    this.numbers.set(pattern, this.sets.length);
    return this.sets.push(ranges) - 1;
  }

  /** States reached from `from` without a character, as far as where the text starts and ends allows. */
  closure(from: readonly number[], atStart: boolean, atEnd: boolean): number[] {
    const reached = new Set<number>();
    const open = [...from];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      const state = this.states[number];
      if (!state || reached.has(number)) continue;
      reached.add(number);
      if (state.on === "split") open.push(...state.next);
      if ((state.on === "start" && atStart) || (state.on === "end" && atEnd)) open.push(state.next);
    }
    return [...reached].sort((one, other) => one - other);
  }
}

/** Classes of characters that no set of a pattern tells apart. */
class Alphabet {
  private readonly starts: number[];
  private readonly ascii: number[];

  constructor(ranges: readonly [number, number][]) {
    const borders = new Set([0, ...ranges.flatMap(([low, high]) => [low, high + 1])]);
    this.starts = [...borders].sort((one, other) => one - other);
    this.ascii = Array.from({ length: 128 }, (_, code) => this.search(code));
  }

  classOf(code: number): number {
    return this.ascii[code] ?? this.search(code);
  }

  classesIn(ranges: readonly [number, number][]): boolean[] {
    return this.starts.map((start) => ranges.some(([low, high]) => low <= start && start <= high));
  }

  private search(code: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= code) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Runs a machine over texts, and remembers the places that it was at. */
class Matcher {
  private readonly machine: Machine;
  private readonly again: readonly number[];
  private places = new Map<string, Place>();
  private remembered = 0;
  private first: Place;

  constructor(machine: Machine) {
    this.machine = machine;
    this.again = machine.closure([machine.start], false, false);
    this.first = this.beginning();
  }

  isFoundIn(text: string): boolean {
    let place = this.first;
    for (let at = 0; at < text.length && !place.isFound; at += 1) {
      const code = text.codePointAt(at) ?? 0;
      if (code > 0xffff) at += 1;
      const kind = this.machine.alphabet.classOf(code);
      place = place.next[kind] ?? this.step(place, kind);
    }
    return place.isFound || this.isFoundAtEnd(place, text.length === 0);
  }

  private beginning(): Place {
    const states = this.machine.closure([this.machine.start], true, false);
    return { states, isFound: states.includes(FOUND), next: [] };
  }

  private step(place: Place, kind: number): Place {
    const moved: number[] = [];
    for (const number of place.states) {
      const state = this.machine.states[number];
      if (state?.on === "set" && this.machine.holds[state.set]?.[kind]) moved.push(state.next);
    }
    const found = this.placeOf(this.machine.closure([...moved, ...this.again], false, false));
    place.next[kind] = found;
    return found;
  }

  private placeOf(states: readonly number[]): Place {
    const key = states.join();
    const known = this.places.get(key);
    if (known) return known;
    this.remembered += states.length;
    if (this.remembered > MOST_REMEMBERED) this.forget(states.length);
    const place = { states, isFound: states.includes(FOUND), next: [] };
    this.places.set(key, place);
    return place;
  }

  /** A pattern can have more places than memory has room for; they are found anew when needed. */
  private forget(remembered: number): void {
    this.places = new Map();
    this.first = this.beginning();
    this.remembered = remembered;
  }

  private isFoundAtEnd(place: Place, atStart: boolean): boolean {
    return this.machine.closure(place.states, atStart, true).includes(FOUND);
  }
}
