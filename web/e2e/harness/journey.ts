/**
 * A browser test. `journey(name, async (stage) => ...)`: the stage opens pages for people in browsers of their own,
 * and fails the test for whatever a page may never do (see guard and words). A failure leaves picture and trace.
 */

import type { Browser, BrowserContext, Locator, Page, Request } from "playwright-core";
import { expect, inject, test } from "vitest";

import { Caller } from "./caller.ts";
import { launch } from "./chromium.ts";
import { keepFailure } from "./failures.ts";
import { type Allowed, guard, layoutFaults } from "./guard.ts";
import { command, copyInstance, passwords, removeInstance, type Role, serve, type Server } from "./instance.ts";
import { wordFaults } from "./words.ts";

const PATIENCE = 15_000; // ms that an act or an expectation may take

const NEW_PASSWORD = "Quiet-Harbour-82";
const QUIET = 150; // ms without a request after which a page is taken to be complete

let browser: Promise<Browser> | null = null;

export interface Visit {
  language?: "zh-CN" | "en";
  size?: { width: number; height: number };
}

interface Opened {
  page: Page;
  chinese: boolean;
  faults: string[];
  /** Requests without an answer yet. */
  waiting: Set<Request>;
}

export class Stage {
  readonly allowed: Allowed = { statuses: new Set(), offline: false, words: new Set() };
  private readonly contexts: BrowserContext[] = [];
  private readonly opened: Opened[] = [];

  constructor(
    readonly origin: string,
    readonly home: string,
  ) {}

  /** The API as `role`, to prepare and to examine. */
  async api(role: Role): Promise<Caller> {
    return Caller.signIn(this.origin, role, await this.password(role));
  }

  async password(role: Role): Promise<string> {
    return (await passwords(this.home))[role];
  }

  /** Somebody new, who has chosen a password already. */
  async newPerson(name: string, role: string): Promise<Caller> {
    const made = JSON.parse(await command(this.home, "users", "add", name, "--role", role, "--json")) as { one_time_password: string };
    const first = await Caller.signIn(this.origin, name, made.one_time_password);
    await first.post("/session/password", { old: made.one_time_password, new: NEW_PASSWORD });
    return Caller.signIn(this.origin, name, NEW_PASSWORD);
  }

  /** A new browser of `who` (null: of nobody yet), opened at `path`. */
  async visit(who: Role | Caller | null, path: string, { language = "zh-CN", size = { width: 1440, height: 900 } }: Visit = {}): Promise<Page> {
    const context = await (await (browser ??= launch())).newContext({
      viewport: size,
      locale: language,
      timezoneId: "Asia/Shanghai",
      acceptDownloads: true,
    });
    context.setDefaultTimeout(PATIENCE);
    this.contexts.push(context);
    await context.tracing.start({ snapshots: true, screenshots: false });
    if (who) await this.enter(context, typeof who === "string" ? await this.api(who) : who);
    const page = await context.newPage();
    this.opened.push({ page, chinese: language === "zh-CN", faults: guard(page, this.origin, this.allowed), waiting: unanswered(page) });
    await page.goto(this.origin + path);
    return page;
  }

  /** Take over a session, without the login page, which has tests of its own. */
  private async enter(context: BrowserContext, { cookie }: Caller): Promise<void> {
    await context.addCookies([{ ...cookie, url: this.origin, httpOnly: true, sameSite: "Lax" }]);
  }

  /** Wait until `page` has drawn what it asked the server for. */
  async settled(page: Page): Promise<void> {
    const { waiting } = this.opened.find((each) => each.page === page) ?? { waiting: new Set() };
    await seen(page.locator("main, form"));
    for (let quiet = 0; quiet < QUIET; quiet = waiting.size === 0 ? quiet + 25 : 0) await page.waitForTimeout(25);
  }

  /** Look at all open pages as they are now; done once more at the end of each test. */
  async look(): Promise<void> {
    for (const { page, chinese, faults } of this.opened) {
      if (page.isClosed()) continue;
      const { words } = this.allowed;
      if (words !== "any") faults.push(...(await wordFaults(page, chinese, words)));
      faults.push(...(await layoutFaults(page)));
    }
    const all = this.opened.flatMap(({ faults }) => faults);
    expect([...new Set(all)]).toEqual([]);
  }

  async fail(name: string): Promise<void> {
    await keepFailure(name, this.contexts, this.opened.map(({ page }) => page));
  }

  async close(): Promise<void> {
    for (const context of this.contexts) await context.close();
  }
}

function unanswered(page: Page): Set<Request> {
  const waiting = new Set<Request>();
  page.on("request", (request) => waiting.add(request));
  page.on("requestfinished", (request) => waiting.delete(request));
  page.on("requestfailed", (request) => waiting.delete(request));
  return waiting;
}

export function journey(name: string, act: (stage: Stage) => Promise<void>, seconds = 60): void {
  test(name, { timeout: seconds * 1000 }, () => play(name, new Stage(inject("origin"), inject("home")), act));
}

/** Its own instance, which it may stop, start and fill as it likes. */
export class OwnStage extends Stage {
  private server: Server;

  constructor(server: Server, home: string) {
    super(server.origin, home);
    this.server = server;
  }

  static async open(): Promise<OwnStage> {
    const home = await copyInstance(inject("template"));
    return new OwnStage(await serve(home), home);
  }

  stopServer(): Promise<void> {
    return this.server.stop();
  }

  /** At the same address as before. */
  async startServer(): Promise<void> {
    this.server = await serve(this.home, Number(new URL(this.origin).port));
  }

  override async close(): Promise<void> {
    await super.close();
    await this.server.stop();
    await removeInstance(this.home);
  }
}

/** A journey through an instance of its own, at the cost of some seconds. */
export function lonelyJourney(name: string, act: (stage: OwnStage) => Promise<void>, seconds = 120): void {
  test(name, { timeout: seconds * 1000 }, async () => play(name, await OwnStage.open(), act));
}

async function play<S extends Stage>(name: string, stage: S, act: (stage: S) => Promise<void>): Promise<void> {
  try {
    await act(stage);
    await stage.look();
  } catch (error) {
    await stage.fail(name);
    throw error;
  } finally {
    await stage.close();
  }
}

/** Wait until it can be seen. */
export async function seen(locator: Locator): Promise<Locator> {
  await locator.first().waitFor();
  return locator.first();
}

export async function gone(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: "hidden" });
}

/** Wait until `read` gives `expected`. */
export async function becomes<T>(read: () => Promise<T>, expected: T): Promise<void> {
  await expect.poll(read, { timeout: PATIENCE, interval: 50 }).toEqual(expected);
}
