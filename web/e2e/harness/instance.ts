/** A real instance in a folder of its own: made, served on loopback, stopped with the process that started it. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../../..");
const PROGRAM = join(ROOT, ".venv/bin/zhenshu");
const START_SECONDS = 60;

// The shell is the server's parent. It ends the server when its own input closes, which the kernel does
// when we die in whatever way.
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -s TERM "$server" 2>/dev/null; } >/dev/null 2>&1 &
exec 3<&-
wait "$server"
`;

export type Role = "admin" | "designer" | "researcher" | "reader" | "security" | "auditor";

export interface Server {
  origin: string;
  stop(): Promise<void>;
}

function environment(home: string): NodeJS.ProcessEnv {
  return { ...process.env, ZHENSHU_HOME: home, ZHENSHU_LANGUAGE: "zh" };
}

/** Run the `zhenshu` command over the instance in `home`; its output. */
export async function command(home: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PROGRAM, args, { env: environment(home), cwd: ROOT, timeout: 120_000 });
  return stdout;
}

/** A folder with a new instance and its demonstration data. */
export async function makeInstance(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "zhenshu-e2e-"));
  await command(home, "init", "--demo");
  return home;
}

/** The same instance once more, for a test that stops its server or fills it with much. `home` must not be served. */
export async function copyInstance(home: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "zhenshu-e2e-"));
  await cp(home, copy, { recursive: true });
  return copy;
}

export async function removeInstance(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Serve the instance in `home`; `port` 0: any free one. It answers when this returns. */
export async function serve(home: string, port = 0): Promise<Server> {
  const args = ["-c", GUARD, "guard", PROGRAM, "up", "--port", String(port)];
  const child = spawn("/bin/sh", args, { env: environment(home), cwd: ROOT, stdio: ["pipe", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-8000)));
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  try {
    const origin = await until(() => /http:\/\/\S+/.exec(said)?.[0], child, () => said + log);
    await until(() => answers(origin), child, () => said + log);
    return { origin, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>, child: ChildProcess, log: () => string): Promise<T> {
  const end = Date.now() + START_SECONDS * 1000;
  while (Date.now() < end && child.exitCode === null) {
    const found = await look();
    if (found) return found;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`The server did not start:\n${log()}`);
}

async function answers(origin: string): Promise<boolean> {
  return fetch(`${origin}/healthz`).then(({ ok }) => ok, () => false);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.stdin?.end();
  const late = setTimeout(() => child.kill("SIGKILL"), 30_000);
  await ended;
  clearTimeout(late);
}

/** The passwords that `zhenshu init --demo` made. */
export async function passwords(home: string): Promise<Record<Role, string>> {
  const lines = (await readFile(join(home, "demo-logins.txt"), "utf8")).split("\n");
  return Object.fromEntries(lines.map((line) => line.split("\t")).filter(({ length }) => length > 1)) as Record<Role, string>;
}
