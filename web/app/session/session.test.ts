// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

const USER = {
  id: 7, name: "wang.min", display_name: "王敏", roles: ["research_admin"], permissions: ["view:databases"],
  language: "zh", chosen_language: "en", must_change_password: false,
};

/** A server with one account, whose session can be ended. */
class Server {
  signedIn = false;
  saved: unknown[] = [];
  logins = 0;
  languages: string[] = [];

  answer = (url: string, init: RequestInit): Response => {
    const route = `${init.method} ${url}`;
    if (route === "POST /api/v1/session") return this.login(JSON.parse(String(init.body)).password);
    if (!this.signedIn) return this.error("NotSignedIn", 401);
    if (route === "DELETE /api/v1/session") this.signedIn = false;
    else if (route === "PUT /api/v1/session/language") this.languages.push(JSON.parse(String(init.body)).language);
    else if (init.method === "POST") this.saved.push(JSON.parse(String(init.body)));
    return init.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({});
  };

  private login(password: string): Response {
    if (password !== "right") return this.error("WrongLogin", 401);
    this.signedIn = true;
    this.logins += 1;
    return Response.json({ csrf_token: `token ${this.logins}`, user: USER });
  }

  private error(code: string, status: number): Response {
    return Response.json({ code, message: code, details: {}, request_id: "r" }, { status });
  }
}

let server: Server;
let sessions: typeof import("./session");

beforeEach(async () => {
  server = new Server();
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => Promise.resolve(server.answer(url, init)));
  vi.resetModules();
  sessions = await import("./session");
  await sessions.signIn("wang.min", "right");
});

describe("a session that ends in mid-work", () => {
  it("keeps what was typed and sends it after the same user signed in again", async () => {
    server.signedIn = false;
    const first = sessions.api.post("/records", { note: "typed before" });
    const second = sessions.api.post("/records", { note: "typed too" });
    await vi.waitFor(() => expect(sessions.session.renewing).toBe(true));

    await expect(sessions.renewSession("wrong")).rejects.toMatchObject({ code: "WrongLogin" });
    expect(sessions.session.renewing).toBe(true);
    await sessions.renewSession("right");
    await Promise.all([first, second]);

    expect(sessions.session.renewing).toBe(false);
    expect(server.saved).toEqual([{ note: "typed before" }, { note: "typed too" }]);
    expect(server.logins).toBe(2); // the first, and one for both requests
  });

  it("can be given up: the request ends, and nobody is signed in", async () => {
    server.signedIn = false;
    const request = sessions.api.post("/records", {});
    const ended = expect(request).rejects.toBeInstanceOf(sessions.GivenUp);
    await vi.waitFor(() => expect(sessions.session.renewing).toBe(true));
    sessions.giveUpSession();
    await ended;
    expect(sessions.session.user).toBeNull();
    expect(server.saved).toEqual([]);
  });
});

describe("the language", () => {
  it("is the one the user chose before, on whatever machine", async () => {
    const { language } = await import("../language");
    expect(language.value).toBe("en");
    expect(server.languages).toEqual([]);
  });

  it("chosen while signed in, is remembered for the user", async () => {
    const { language } = await import("../language");
    sessions.chooseLanguage("zh-CN");
    expect(language.value).toBe("zh-CN");
    await vi.waitFor(() => expect(server.languages).toEqual(["zh"]));
  });

  it("chosen before signing in, is kept and remembered", async () => {
    await sessions.signOut();
    const { language } = await import("../language");
    sessions.chooseLanguage("zh-CN");
    await sessions.signIn("wang.min", "right");
    expect(language.value).toBe("zh-CN");
    await vi.waitFor(() => expect(server.languages).toEqual(["zh"]));
  });
});

describe("permissions and leaving", () => {
  it("only what the roles permit is offered", () => {
    expect(sessions.may("view", "databases")).toBe(true);
    expect(sessions.may("design", "databases")).toBe(false);
  });

  it("signing out of a session that had ended already is no error", async () => {
    server.signedIn = false;
    await sessions.signOut();
    expect(sessions.session.user).toBeNull();
  });
});
