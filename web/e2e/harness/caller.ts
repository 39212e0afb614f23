/** The API as a test prepares and examines data with it: one signed-in person. */

import type { Session } from "../../shared/api/types";

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly answer: unknown,
    request: string,
  ) {
    super(`${request}: ${status} ${JSON.stringify(answer).slice(0, 1500)}`);
  }
}

export class Caller {
  private constructor(
    readonly origin: string,
    readonly cookie: { name: string; value: string },
    private readonly csrf: string,
  ) {}

  static async signIn(origin: string, name: string, password: string): Promise<Caller> {
    const body = JSON.stringify({ name, password });
    const response = await sent(`${origin}/api/v1/session`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    if (!response.ok) throw new Refused(response.status, await response.json(), "POST /session");
    const [pair = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
    const [cookie = "", value = ""] = pair.split("=");
    return new Caller(origin, { name: cookie, value }, ((await response.json()) as Session).csrf_token);
  }

  get<T>(path: string): Promise<T> {
    return this.ask("GET", path);
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.ask("POST", path, JSON.stringify(body), "application/json");
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.ask("PUT", path, JSON.stringify(body), "application/json");
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.ask("PATCH", path, JSON.stringify(body), "application/json");
  }

  delete<T>(path: string): Promise<T> {
    return this.ask("DELETE", path);
  }

  /** Send `content` as the file `name`; its id. */
  async upload(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<number> {
    const form = new FormData();
    form.append("file", new Blob([content]), name);
    return (await this.ask<{ id: number }>("POST", "/files", form)).id;
  }

  private async ask<T>(method: string, path: string, body?: BodyInit, type?: string): Promise<T> {
    const headers: Record<string, string> = { Cookie: `${this.cookie.name}=${this.cookie.value}`, "X-CSRF-Token": this.csrf, "Accept-Language": "zh" };
    if (type) headers["Content-Type"] = type;
    const response = await sent(`${this.origin}/api/v1${path}`, { method, headers, body: body ?? null });
    const text = await response.text();
    const answer: unknown = text ? JSON.parse(text) : null;
    if (!response.ok) throw new Refused(response.status, answer, `${method} ${path}`);
    return answer as T;
  }
}

/** Once more where the server has just closed the idle connection that we were about to use. */
async function sent(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init).catch((error: unknown) => {
    const code = (error as { cause?: { code?: string } }).cause?.code;
    if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return fetch(url, init);
    throw error;
  });
}
