/** The answer that is on its way serves one request, and no other address. */

import { expect, it, vi } from "vitest";

import { askEarly, fetchEarly } from "./early";

it("gives the early answer to the first request for the session alone", async () => {
  let sent = 0;
  vi.stubGlobal("fetch", (address: string) => Promise.resolve(new Response(`${address} ${++sent}`)));
  const text = async (address: string, method: string) => (await fetchEarly(address, { method })).text();

  askEarly();

  expect(await text("/api/v1/jobs", "GET")).toBe("/api/v1/jobs 2");
  expect(await text("/api/v1/session", "DELETE")).toBe("/api/v1/session 3");
  expect(await text("/api/v1/session", "GET")).toBe("/api/v1/session 1");
  expect(await text("/api/v1/session", "GET")).toBe("/api/v1/session 4");
});

it("a server that could not be reached early is asked again", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no connection")));
  askEarly();
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("back")));

  await expect(fetchEarly("/api/v1/session", { method: "GET" })).rejects.toThrow(TypeError);
  expect(await (await fetchEarly("/api/v1/session", { method: "GET" })).text()).toBe("back");
});
