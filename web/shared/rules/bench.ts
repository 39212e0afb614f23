/** Measures evaluations of a rule per second: `{program, record, now, times}` as JSON in, the figures as JSON out. */

import process from "node:process";
import { text } from "node:stream/consumers";

import { compileProgram } from "./compile.ts";
import type { Program } from "./program.ts";

const ROUNDS = 7;

interface Task {
  program: Program;
  record: Patient;
  now: string;
  times: number;
}

interface Patient {
  [path: string]: unknown;
  age: number;
  sex: string;
  size: number;
  stage: string;
  smoker: boolean | null;
  bmi: number;
}

/** The same rule, with no missing values, no tolerance and no exact digits. */
function byHand({ age, sex, size, stage, smoker, bmi }: Patient): boolean {
  const isLarge = size > 8 || stage === "2" || stage === "3";
  return age >= 60 && sex === "f" && isLarge && smoker !== null && Math.round(bmi * 10) / 10 < 30;
}

/** The median over rounds; the first warms up. Records differ from one evaluation to the next. */
function perSecond(records: Patient[], times: number, act: (record: Patient) => unknown): number {
  const spent: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const begun = performance.now();
    let isTrue = 0;
    for (let at = 0; at < times; at += 1) isTrue += Number(act(records[at % records.length] as Patient) === true);
    spent.push(performance.now() - begun);
    if (isTrue !== times) throw new Error(`true ${isTrue} times of ${times}`);
  }
  const ordered = spent.slice(1).sort((one, other) => one - other);
  return Math.round((times / (ordered[ROUNDS >> 1] ?? NaN)) * 1000);
}

const { program, record, now, times } = JSON.parse(await text(process.stdin)) as Task;
const records = Array.from({ length: 100 }, (_, at) => ({ ...record, age: record.age + (at % 20) }));
const rule = compileProgram(program);
const compiled = perSecond(records, times, (each) => rule(each, { now }));
const reference = perSecond(records, times, byHand);
process.stdout.write(`${JSON.stringify({ node: process.version, compiled, reference })}\n`);
