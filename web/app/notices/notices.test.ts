// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Notice, Notices } from "../../shared/api/types";
import { FASTEST, nextWait, SLOWEST } from "./polling";

/** A server with notices, newest first, that pages and tags as ours does. */
class Server {
  all: Notice[] = [];
  asked = 0;
  posted: string[] = [];

  add(id: number) {
    this.all.unshift({ id, kind: "job.done", zh: `通知 ${id}`, en: `Notice ${id}`, link: "", at: "2026-03-05T06:20:00+00:00", read_at: null });
  }

  answer = (url: string, init: RequestInit): Response => {
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    if (init.method === "POST") return this.post(pathname, init.body ? JSON.parse(String(init.body)).up_to : undefined);
    this.asked += 1;
    const limit = Number(searchParams.get("limit"));
    const after = Number(searchParams.get("after") ?? 0);
    const items = this.all.filter(({ id }) => !after || id < after).slice(0, limit);
    const body: Notices = { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null, unread: this.all.filter((n) => !n.read_at).length };
    const tag = JSON.stringify(body).length + String(body.unread);
    if (new Headers(init.headers).get("If-None-Match") === tag) return new Response(null, { status: 304 });
    return Response.json(body, { headers: { ETag: tag } });
  };

  private post(pathname: string, upTo: number | undefined): Response {
    this.posted.push(pathname);
    const one = Number(pathname.split("/").at(-2));
    this.all = this.all.map((n) => (n.id === one || (upTo && n.id <= upTo) ? { ...n, read_at: n.at } : n));
    return new Response(null, { status: 204 });
  }
}

let server: Server;
let store: typeof import("./notices");
let hidden = false;

beforeEach(async () => {
  vi.useFakeTimers();
  server = new Server();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => Promise.resolve(server.answer(url, init)));
  vi.resetModules();
  store = await import("./notices");
});

afterEach(() => {
  store.forgetNotices();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the loop", () => {
  it("is one, however often it is started, and finds what is new", async () => {
    await Promise.all([store.watchNotices(), store.watchNotices()]);
    const before = server.asked;
    server.add(1);
    await vi.advanceTimersByTimeAsync(FASTEST);
    expect(server.asked).toBe(before + 1);
    expect(store.notices.unread).toBe(1);
  });

  it("rests while the page is hidden and looks at once when it is shown", async () => {
    await store.watchNotices();
    hidden = true;
    document.dispatchEvent(new Event("visibilitychange"));
    const before = server.asked;
    await vi.advanceTimersByTimeAsync(10 * SLOWEST);
    expect(server.asked).toBe(before);
    hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked).toBe(before + 1);
  });

  it("slows down to once a minute while there is no news", () => {
    const waits = [FASTEST];
    for (let i = 0; i < 8; i += 1) waits.push(nextWait(waits.at(-1) ?? 0, false));
    expect(waits.slice(0, 3)).toEqual([10_000, 15_000, 22_500]);
    expect(waits.at(-1)).toBe(SLOWEST);
    expect(nextWait(SLOWEST, true)).toBe(FASTEST);
  });
});

describe("the list", () => {
  it("keeps older pages below when something new comes", async () => {
    for (let id = 1; id <= 45; id += 1) server.add(id);
    await store.watchNotices();
    await store.loadOlder();
    server.add(46);
    await store.watchNotices();
    expect(store.notices.list.map(({ id }) => id)).toEqual([46, ...Array.from({ length: 40 }, (_, i) => 45 - i)]);
    await store.loadOlder();
    expect(store.notices.list.at(-1)?.id).toBe(1);
    expect(store.notices.next).toBeNull();
  });

  it("one that is read is read at once, here and on the server", async () => {
    server.add(1);
    server.add(2);
    await store.watchNotices();
    const marked = store.readNotice(2);
    expect(store.notices.unread).toBe(1);
    await marked;
    expect(server.posted).toEqual(["/api/v1/notices/2/read"]);
    expect(store.notices.list.map(({ read_at }) => read_at !== null)).toEqual([true, false]);
  });

  it("all read leaves one that came meanwhile", async () => {
    server.add(1);
    await store.watchNotices();
    server.add(2);
    await store.readAll();
    expect(store.notices.unread).toBe(1);
    expect(store.notices.list.map(({ id, read_at }) => [id, read_at === null])).toEqual([[2, true], [1, false]]);
  });

  it("is nobody's after leaving", async () => {
    server.add(1);
    await store.watchNotices();
    store.forgetNotices();
    expect(store.notices.list).toEqual([]);
    expect(store.notices.known).toBe(false);
  });
});
