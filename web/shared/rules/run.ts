/** Runs rules outside a browser: a line of JSON `{program, record, now, zone}` in, a line `{value}` or `{error}` out. */

import process from "node:process";
import { createInterface } from "node:readline";

import { compileProgram } from "./compile.ts";
import { contextAt } from "./context.ts";
import type { Program } from "./program.ts";
import type { RecordValues } from "./values.ts";

interface Question {
  program: Program;
  record: RecordValues;
  now: string;
  zone: string;
}

function answer(line: string): object {
  try {
    const { program, record, now, zone } = JSON.parse(line) as Question;
    return { value: compileProgram(program)(record, contextAt(now, zone)) };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}
