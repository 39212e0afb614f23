/** The first request for the session, which is sent while the application is still on its way (see `asking`). */

const PATH = "/api/v1/session";

let asked: Promise<Response> | null = null;

export function askEarly(): void {
  asked = fetch(PATH, { method: "GET", headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  asked.catch(() => undefined); // told to whoever takes it
}

/** Like fetch; the first request for the session gets the answer that is on its way. */
export function fetchEarly(address: string, init: RequestInit): Promise<Response> {
  const answer = address === PATH && init.method === "GET" ? asked : null;
  if (answer) asked = null;
  return answer ?? fetch(address, init);
}
