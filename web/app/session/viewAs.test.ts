// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";

import { dropView, keepView, keptView, seesAs } from "./viewAs";

const READER = { viewer: 2, id: 4, name: "阅览者", permissions: ["view:records"], from: "/access/matrix?database=lung" };

beforeEach(() => sessionStorage.clear());

describe("the view of another user", () => {
  it("lasts over a reload, for who began it", () => {
    keepView(READER);
    expect(keptView(2)).toEqual(READER);
    expect(keptView(2)).toEqual(READER);
  });

  it("is no one else's, and gone once someone else signed in", () => {
    keepView(READER);
    expect(keptView(3)).toBeNull();
    expect(keptView(2)).toBeNull();
  });

  it("is over when it is dropped", () => {
    keepView(READER);
    dropView();
    expect(keptView(2)).toBeNull();
  });

  it.each(["{", "7", '{"viewer":2}', JSON.stringify({ ...READER, from: "//elsewhere" })])("is not %s", (written) => {
    sessionStorage.setItem("zhenshu.view-as", written);
    expect(keptView(2)).toBeNull();
  });
});

describe("a request", () => {
  it.each([
    ["GET", "/databases"],
    ["GET", "/databases/lung/records/patient"],
    ["GET", "/me/recent-records"],
    ["POST", "/databases/lung/records/patient"],
    ["POST", "/jobs/7/cancel"],
    ["DELETE", "/databases/lung/records/patient/3"],
  ])("%s %s is made through the other's eyes", (method, path) => expect(seesAs(method, path)).toBe(true));

  it.each([
    ["GET", "/session/idle"],
    ["DELETE", "/session"],
    ["GET", "/jobs"],
    ["GET", "/notices"],
    ["POST", "/notices/read"],
    ["GET", "/me/waiting"],
    ["GET", "/access/emergencies/running"],
  ])("%s %s stays one's own", (method, path) => expect(seesAs(method, path)).toBe(false));
});

const USER = {
  id: 2, name: "designer", display_name: "科研管理员", roles: ["research_admin"], permissions: ["view:records", "edit:records", "manage:grants"],
  language: "zh", chosen_language: "", must_change_password: false,
};

describe("while it lasts", () => {
  const asked: { url: string; method: string; eyes: string | undefined }[] = [];

  async function signedIn() {
    asked.length = 0;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      asked.push({ url, method: init.method ?? "", eyes: (init.headers as Record<string, string>)["X-View-As"] });
      return Promise.resolve(init.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json({ csrf_token: "t", user: USER }));
    });
    vi.resetModules();
    const sessions = await import("./session");
    await sessions.resumeSession();
    return sessions;
  }

  it("requests for data and changes say whose view it is, and only what both may do is offered", async () => {
    keepView(READER);
    const { api, may, session } = await signedIn();
    expect(session.viewAs?.name).toBe("阅览者");
    await api.get("/databases");
    await api.post("/databases/lung/records/patient", {});
    await api.get("/jobs");
    expect(asked.map(({ method, eyes }) => [method, eyes])).toEqual([["GET", undefined], ["GET", "4"], ["POST", "4"], ["GET", undefined]]);
    expect([may("view", "records"), may("edit", "records"), may("manage", "grants")]).toEqual([true, false, false]);
  });

  it("it ends with the login", async () => {
    keepView(READER);
    const { session, signOut } = await signedIn();
    await signOut();
    expect(session.viewAs).toBeNull();
    expect(keptView(2)).toBeNull();
  });

  it("nothing of it is said without one", async () => {
    const { api, may } = await signedIn();
    await api.get("/databases");
    expect(asked.every(({ eyes }) => eyes === undefined)).toBe(true);
    expect(may("manage", "grants")).toBe(true);
  });
});
