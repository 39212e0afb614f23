/**
 * A small server for looking at the pages without Flask: what `vite build --mode trial` built, under the
 * server's own security headers, and made-up answers. The cookie `scene` picks user and failures (see Scene).
 * `npm run trial` builds and starts it; `node dev/server.ts PORT FOLDER` starts it alone.
 */

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";

import { databaseOf, DATABASES, JOBS, recordOf, USERS } from "./data.ts";

const DIST = join(import.meta.dirname, process.argv[3] ?? "../dist-trial");
const RECORDS = 100_000;
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; " +
    "frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'",
  "X-Content-Type-Options": "nosniff",
};

/** What the cookie `scene` may say, joined by "+": who is signed in, and what goes wrong. */
type Scene = "admin" | "new" | "outsider" | "empty" | "broken" | "ended";

function sceneOf(request: IncomingMessage): Set<Scene> {
  const match = /(?:^|; )scene=([\w+]+)/.exec(request.headers.cookie ?? "");
  return new Set((match?.[1] ?? "").split("+") as Scene[]);
}

function send(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { ...HEADERS, "Content-Type": "application/json", "X-Request-Id": "4f1c09b27a55" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, code: string, message: string) {
  send(response, status, { code, message, details: {}, request_id: "4f1c09b27a55" });
}

const localised = (request: IncomingMessage, zh: string, en: string) => (request.headers["accept-language"]?.startsWith("zh") ? zh : en);

function answer(request: IncomingMessage, response: ServerResponse, url: URL) {
  const scene = sceneOf(request);
  const user = USERS[[...scene].find((each) => each in USERS) ?? ""];
  const path = url.pathname.replace("/api/v1", "");
  if (path === "/session" && request.method === "POST") {
    return fail(response, 401, "WrongPassword", localised(request, "用户名或密码不正确。连续 5 次错误将锁定 15 分钟。", "Wrong user name or password. After 5 failures in a row the account is locked for 15 minutes."));
  }
  const ended = scene.has("ended") && path.startsWith("/databases");
  if (!user || ended) return fail(response, 401, "NotSignedIn", localised(request, "请先登录。", "Sign in first."));
  if (path === "/session") return send(response, 200, { csrf_token: "t", user });
  if (path === "/jobs") return send(response, 200, { items: scene.has("empty") ? [] : JOBS, next: null });
  if (scene.has("broken")) {
    return fail(response, 500, "Unexpected", localised(request, "服务器内部错误。未作任何修改，请将请求编号告知管理员。", "Something went wrong here. Nothing was changed; tell the administrator the request id."));
  }
  if (path === "/databases") return send(response, 200, { items: scene.has("empty") ? [] : DATABASES, next: null });
  if (/^\/databases\/\w+\/records\/\w+$/.test(path)) return records(response, url);
  const found = DATABASES.find(({ code }) => path === `/databases/${code}`);
  return found ? send(response, 200, databaseOf(found)) : fail(response, 404, "NoSuchAddress", localised(request, "此地址不存在。", "There is nothing at this address."));
}

function records(response: ServerResponse, url: URL) {
  const after = Number(url.searchParams.get("after") ?? 0);
  const count = Math.min(Number(url.searchParams.get("limit") ?? 50), RECORDS - after);
  const items = Array.from({ length: count }, (_, i) => recordOf(after + i));
  send(response, 200, { items, next: after + count < RECORDS ? String(after + count) : null });
}

async function file(response: ServerResponse, path: string) {
  const name = extname(path) ? normalize(path) : "/index.html";
  try {
    const body = await readFile(join(DIST, name));
    response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" });
    response.end(body);
  } catch {
    response.writeHead(404, HEADERS).end();
  }
}

const port = Number(process.argv[2] ?? 8091);
createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  if (url.pathname === "/healthz") send(response, 200, {});
  else if (url.pathname.startsWith("/api/")) answer(request, response, url);
  else void file(response, url.pathname);
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
