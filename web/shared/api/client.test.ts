import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Client, type ClientHooks, ConnectionLost, path } from "./client";

type Answer = Response | Error;

const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(body === null ? null : JSON.stringify(body), { status, headers });
const failure = (code: string, status: number) =>
  answer({ code, message: `says ${code}`, details: { rows: 2 }, request_id: "r1" }, status);
const NO_ANSWER = new TypeError("Failed to fetch");

/** A client whose server gives `answers` in turn; `asked` are the requests it got. */
function clientOf(answers: Answer[], hooks: Partial<ClientHooks> = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetcher = vi.fn((url: RequestInfo | URL, init: RequestInit = {}) => {
    asked.push({ url: String(url), init });
    const next = answers.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error("asked too often"));
  });
  const connection: boolean[] = [];
  const client = new Client(
    {
      language: () => "zh-CN",
      csrfToken: () => "token",
      sessionEnded: () => Promise.reject(new Error("the session ended")),
      refreshToken: () => Promise.resolve(),
      connection: (lost) => connection.push(lost),
      ...hooks,
    },
    fetcher as typeof fetch,
  );
  return { client, asked, connection };
}

const headersOf = (init: RequestInit | undefined) => (init?.headers ?? {}) as Record<string, string>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a request", () => {
  it("that changes something carries the CSRF token, one that reads does not", async () => {
    const { client, asked } = clientOf([answer({}), answer({})]);
    await client.post("/databases", { code: "x" });
    await client.get("/databases", { query: { after: 3, where: undefined } });
    expect(headersOf(asked[0]?.init)["X-CSRF-Token"]).toBe("token");
    expect(headersOf(asked[1]?.init)).not.toHaveProperty("X-CSRF-Token");
    expect(asked[1]?.url).toBe("/api/v1/databases?after=3");
  });

  it("encodes the parts of its path", () => {
    expect(path`/databases/${"a/b ?"}/records/${7}`).toBe("/databases/a%2Fb%20%3F/records/7");
  });

  it("that the server refuses says what the server said", async () => {
    const { client } = clientOf([failure("RecordChanged", 409)]);
    await expect(client.patch("/x", {})).rejects.toMatchObject({
      code: "RecordChanged", status: 409, message: "says RecordChanged", details: { rows: 2 }, requestId: "r1",
    });
  });

  it("answered by something that is no JSON of ours is still an error with its status", async () => {
    const { client } = clientOf([new Response("<html>", { status: 500 })]);
    await expect(client.get("/x")).rejects.toMatchObject({ code: "Unreadable", status: 500 });
  });

  it("for what did not change gives null", async () => {
    const { client, asked } = clientOf([answer([1], 200, { ETag: '"a"' }), answer(null, 304)]);
    const first = await client.getChanged<number[]>("/jobs", null);
    expect(first).toEqual({ body: [1], etag: '"a"' });
    expect(await client.getChanged("/jobs", first?.etag ?? null)).toBeNull();
    expect(headersOf(asked[1]?.init)["If-None-Match"]).toBe('"a"');
  });
});

describe("a lost connection", () => {
  it("is waited for by a reading request, which is then repeated", async () => {
    const { client, asked, connection } = clientOf([NO_ANSWER, NO_ANSWER, answer({}), answer({ ok: 1 })]);
    const result = client.get("/databases");
    await vi.advanceTimersByTimeAsync(1_000); // the first probe fails
    expect(connection).toEqual([true]);
    await vi.advanceTimersByTimeAsync(2_000); // the second is answered
    expect(await result).toEqual({ ok: 1 });
    expect(connection).toEqual([true, false]);
    expect(asked.map(({ url }) => url)).toEqual(["/api/v1/databases", "/healthz", "/healthz", "/api/v1/databases"]);
  });

  it("never sends a change twice", async () => {
    const { client, asked } = clientOf([NO_ANSWER]);
    await expect(client.post("/databases", {})).rejects.toBeInstanceOf(ConnectionLost);
    expect(asked).toHaveLength(1);
  });

  it("can be given up", async () => {
    const { client } = clientOf([NO_ANSWER]);
    const page = new AbortController();
    const result = client.get("/databases", { signal: page.signal });
    const refused = expect(result).rejects.toMatchObject({ name: "AbortError" });
    await vi.advanceTimersByTimeAsync(10);
    page.abort();
    await refused;
  });
});

describe("an ended session", () => {
  it("asks for the login once, then repeats the request with the new token", async () => {
    let token = "old";
    const sessionEnded = vi.fn(async () => void (token = "new"));
    const { client, asked } = clientOf([failure("NotSignedIn", 401), answer({ saved: true })], {
      sessionEnded, csrfToken: () => token,
    });
    expect(await client.post("/x", { typed: "text" })).toEqual({ saved: true });
    expect(sessionEnded).toHaveBeenCalledOnce();
    expect(headersOf(asked[1]?.init)["X-CSRF-Token"]).toBe("new");
    expect(asked[1]?.init.body).toBe('{"typed":"text"}');
  });

  it("is no news to the login page", async () => {
    const { client } = clientOf([failure("WrongLogin", 401)]);
    await expect(client.post("/session", {}, { anonymous: true })).rejects.toMatchObject({ code: "WrongLogin" });
  });

  it("replaced in another tab: the token is fetched once, no more", async () => {
    const refreshToken = vi.fn(() => Promise.resolve());
    const { client } = clientOf([failure("CsrfFailed", 403), failure("CsrfFailed", 403)], { refreshToken });
    await expect(client.post("/x", {})).rejects.toMatchObject({ code: "CsrfFailed" });
    expect(refreshToken).toHaveBeenCalledOnce();
  });
});
