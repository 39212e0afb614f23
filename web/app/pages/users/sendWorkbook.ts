/** Workbooks to and from the server, which the client of the interface, made for JSON, does not carry. */

import { API } from "../../../shared/api/client";
import { ConnectionLost, errorOf } from "../../../shared/api/errors";
import { download } from "../../components/download";
import { language } from "../../language";
import { api, session } from "../../session/session";

async function send(method: "GET" | "POST", path: string, body: FormData | null): Promise<Response> {
  const headers = { "Accept-Language": language.value, ...(session.csrfToken && { "X-CSRF-Token": session.csrfToken }) };
  const response = await fetch(API + path, { method, body, headers, credentials: "same-origin", cache: "no-store" }).catch((error: unknown) => {
    if (error instanceof TypeError) throw new ConnectionLost(method);
    throw error;
  });
  if (response.status === 401) {
    await api.get("/session"); // it asks for the password over the page
    return send(method, path, body);
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** Send `file` to `path`; what the server answers. */
export async function sendWorkbook<T>(path: string, file: File): Promise<T> {
  const form = new FormData();
  form.set("file", file);
  return (await (await send("POST", path, form)).json()) as T;
}

/** Fetch a workbook and hand it to the browser as a download. */
export async function fetchWorkbook(method: "GET" | "POST", path: string, name: string): Promise<void> {
  download(await (await send(method, path, null)).blob(), name);
}
