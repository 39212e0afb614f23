/** What each written part of a rule gives for one record. */

import { build, checked, shown } from "./compile.ts";
import type { Context } from "./context.ts";
import { nodesBelow, type Node, type Program } from "./program.ts";
import type { RecordValues } from "./values.ts";

export interface Part {
  /** Start and end in the rule's text. */
  span: [number, number];
  /** How many written parts it stands within. */
  depth: number;
  value: ReturnType<typeof shown>;
}

/**
 * The parts of `program` that speak of the record itself, outermost first, in the order of the text. Constants are
 * left out, and so is what is asked of each related record. Throws what compileProgram throws.
 */
export function explainProgram(program: Program, record: RecordValues, context: Context): Part[] {
  const frame = { record, context, around: null };
  build(checked(program).body); // all of it is known, or nothing is explained
  return explained(program.body, 0);

  function explained(node: Node, depth: number): Part[] {
    const parts = node.k === "of_records" ? [] : nodesBelow(node);
    if (!isShown(node, parts)) return inOrder(parts.flatMap((part) => explained(part, depth)));
    const part: Part = { span: node.s, depth, value: shown(build(node)(frame)) };
    return [part, ...inOrder(parts.flatMap((inner) => explained(inner, depth + 1)))];
  }
}

/** Whether a node is written as such; a step that shares its place with its only part was put in by the checker. */
function isShown(node: Node, parts: readonly Node[]): node is Node & { s: [number, number] } {
  const [only] = parts;
  return node.s !== undefined && node.k !== "constant" && !(parts.length === 1 && isSamePlace(node.s, only?.s));
}

function isSamePlace(one: readonly number[], other: readonly number[] | undefined): boolean {
  return one[0] === other?.[0] && one[1] === other?.[1];
}

/** The first of parts that say the same: `a between 1 and 5` holds `a` twice. */
function inOrder(parts: Part[]): Part[] {
  const seen = new Set<string>();
  return parts
    .filter(({ span }) => !seen.has(String(span)) && seen.add(String(span)))
    .sort((one, other) => one.span[0] - other.span[0] || other.span[1] - one.span[1]);
}
