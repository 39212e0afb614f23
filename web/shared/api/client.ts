/** The one way to the server: language, CSRF token, errors, lost connections and ended sessions in one place. */

import { ApiError, ConnectionLost, errorOf } from "./errors";
import { Connection } from "./connection";

export const API = "/api/v1";

const GATEWAY_DOWN = new Set([502, 504]); // a proxy answers for a server that does not

export interface ClientHooks {
  /** "zh-CN" or "en", for the messages of errors. */
  language(): string;
  csrfToken(): string | null;
  /** The session ended: resolves when the same user signed in again, rejects when they gave up. */
  sessionEnded(): Promise<void>;
  /** Another tab signed in: fetches the token of the session that the cookie now belongs to. */
  refreshToken(): Promise<void>;
  connection(lost: boolean): void;
  /** The user through whose eyes this request is made; null: one's own. */
  viewAs?(method: string, path: string): number | null;
}

export type QueryValue = string | number | boolean | null | undefined;

export interface Options {
  query?: Readonly<Record<string, QueryValue>>;
  signal?: AbortSignal | undefined;
  /** For the login page: an answer 401 is an error like others, not the end of a session. */
  anonymous?: boolean;
  /** Sending it twice does no harm, so it is repeated after a lost connection; GET always is. */
  repeatable?: boolean;
}

interface Call extends Options {
  method: string;
  path: string;
  body?: unknown;
  etag?: string | null;
}

export interface Tagged<T> {
  body: T;
  etag: string | null;
}

export class Client {
  readonly connection: Connection;

  constructor(
    private readonly hooks: ClientHooks,
    private readonly fetcher: (address: string, init: RequestInit) => Promise<Response> = (address, init) =>
      fetch(address, init),
  ) {
    this.connection = new Connection(() => this.fetcher("/healthz", { cache: "no-store" }), hooks.connection);
  }

  get<T>(path: string, options: Options = {}): Promise<T> {
    return this.json({ ...options, method: "GET", path, repeatable: true });
  }

  post<T>(path: string, body?: unknown, options: Options = {}): Promise<T> {
    return this.json({ ...options, method: "POST", path, body });
  }

  put<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.json({ ...options, method: "PUT", path, body });
  }

  patch<T>(path: string, body: unknown, options: Options = {}): Promise<T> {
    return this.json({ ...options, method: "PATCH", path, body });
  }

  delete<T = void>(path: string, options: Options = {}): Promise<T> {
    return this.json({ ...options, method: "DELETE", path });
  }

  /** The resource if it changed since `etag`, else null. */
  async getChanged<T>(path: string, etag: string | null, options: Options = {}): Promise<Tagged<T> | null> {
    const response = await this.send({ ...options, method: "GET", path, etag, repeatable: true });
    if (response.status === 304) return null;
    return { body: (await response.json()) as T, etag: response.headers.get("ETag") };
  }

  private async json<T>(call: Call): Promise<T> {
    const response = await this.send(call);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** The response, after as many repetitions as the connection and the session need. */
  private async send(call: Call): Promise<Response> {
    for (let tokenRefreshed = false; ; ) {
      const response = await this.attempt(call);
      if (response === null) continue;
      if (response.ok || response.status === 304) return response;
      const error = await errorOf(response);
      if (error.status === 401 && !call.anonymous) await this.hooks.sessionEnded();
      else if (error.code === "CsrfFailed" && !tokenRefreshed) {
        await this.hooks.refreshToken();
        tokenRefreshed = true;
      } else throw error;
    }
  }

  /** One try; null when it got no answer, may be repeated, and the server is back. */
  private async attempt(call: Call): Promise<Response | null> {
    try {
      const response = await this.fetcher(address(call), this.request(call));
      if (!GATEWAY_DOWN.has(response.status)) return response;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch rejects with TypeError when nothing answers
    }
    const back = this.connection.lost();
    if (!call.repeatable) throw new ConnectionLost(call.method);
    await orAborted(back, call.signal);
    return null;
  }

  private request(call: Call): RequestInit {
    return {
      method: call.method,
      headers: this.headers(call),
      body: call.body === undefined ? null : JSON.stringify(call.body),
      credentials: "same-origin",
      cache: "no-store", // the page keeps its own copies, with their ETags
      signal: call.signal ?? null,
    };
  }

  private headers(call: Call): Record<string, string> {
    const token = call.method === "GET" ? null : this.hooks.csrfToken();
    const eyes = this.hooks.viewAs?.(call.method, call.path) ?? null;
    return {
      Accept: "application/json",
      "Accept-Language": this.hooks.language(),
      ...(call.body !== undefined && { "Content-Type": "application/json" }),
      ...(token && { "X-CSRF-Token": token }),
      ...(call.etag && { "If-None-Match": call.etag }),
      ...(eyes !== null && { "X-View-As": String(eyes) }),
    };
  }
}

function address(call: Call): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  return API + call.path + (query.size > 0 ? `?${query}` : "");
}

/** A path with its parts encoded: path`/databases/${code}`. */
export function path(fixed: TemplateStringsArray, ...parts: (string | number)[]): string {
  return fixed.reduce((before, text, i) => before + encodeURIComponent(String(parts[i - 1])) + text);
}

function orAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException("aborted", "AbortError"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export { ApiError, ConnectionLost };
