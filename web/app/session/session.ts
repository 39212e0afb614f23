/** Who is signed in. The cookie is the server's; here is the user, the CSRF token, and a session's end. */

import { reactive, readonly } from "vue";

import { Client } from "../../shared/api/client";
import { ApiError } from "../../shared/api/errors";
import type { BegunSession, PreviousLogin, Session, User } from "../../shared/api/types";
import { adoptLanguage, language, type Language, setLanguage } from "../language";
import { fetchEarly } from "./early";
import { dropView, keepView, keptView, seesAs, type ViewAs } from "./viewAs";

interface State {
  user: User | null;
  csrfToken: string | null;
  /** The session ended while a page is open: the login dialog stands over the page. */
  renewing: boolean;
  connectionLost: boolean;
  /** The user through whose eyes the pages are seen. */
  viewAs: ViewAs | null;
  /** What is still to be told of the login before this one. */
  previous: PreviousLogin | null;
}

const state = reactive<State>({ user: null, csrfToken: null, renewing: false, connectionLost: false, viewAs: null, previous: null });

export const session = readonly(state);

export const api: Client = new Client(
  {
    language: () => language.value,
    csrfToken: () => state.csrfToken,
    sessionEnded: renewed,
    refreshToken: async () => take(await api.get<Session>("/session", { anonymous: true })),
    connection: (lost) => (state.connectionLost = lost),
    viewAs: (method, path) => (state.viewAs && seesAs(method, path) ? state.viewAs.id : null),
  },
  fetchEarly,
);

/** Another person than the one whose page this is. What is on the page is not theirs to send. */
export class OtherUser extends Error {}

/** Take over what the server says about the session; never a change of person under an open page. */
function take({ csrf_token, user }: Session): void {
  if (state.user && state.user.id !== user.id) {
    location.reload();
    throw new OtherUser();
  }
  const isNew = state.user === null;
  state.csrfToken = csrf_token;
  state.user = user;
  state.viewAs = keptView(user.id);
  if (isNew) meetLanguage(user);
}

/** The language the user chose before, on any machine; a choice made here just now is kept for them instead. */
function meetLanguage(user: User): void {
  const chosen = adoptLanguage(user.chosen_language);
  if (chosen !== null) void keepLanguage(chosen);
}

/** Show everything in `chosen`, and remember it for the user. */
export function chooseLanguage(chosen: Language): void {
  setLanguage(chosen);
  if (state.user) void keepLanguage(chosen);
}

/** A choice that could not be kept is still in force here; it is no reason to trouble anyone. */
async function keepLanguage(chosen: Language): Promise<void> {
  const body = { language: chosen === "en" ? "en" : "zh" };
  await api.put("/session/language", body, { anonymous: true, repeatable: true }).catch(() => undefined);
}

/** Find out at the start whether the browser's cookie still opens a session. */
export async function resumeSession(): Promise<void> {
  try {
    take(await api.get<Session>("/session", { anonymous: true }));
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
}

/** `code`: of the second factor; without one the server asks for it (`isCodeNeeded`) where the user has one. */
export async function signIn(name: string, password: string, code = ""): Promise<void> {
  begin(await api.post<BegunSession>("/session", { name, password, ...(code && { code }) }, { anonymous: true }));
}

export async function signInByPhone(phone: string, code: string): Promise<void> {
  begin(await api.post<BegunSession>("/session/phone", { phone, code }, { anonymous: true }));
}

function begin(begun: BegunSession): void {
  take(begun);
  state.previous = begun.previous;
}

/** The user read it, or went on. */
export function forgetPrevious(): void {
  state.previous = null;
}

/** Name and password were right, and the code of the second factor is to come. */
export function isCodeNeeded(error: unknown): boolean {
  return error instanceof ApiError && error.code === "CodeNeeded";
}

/** What the server says of the user by now, as after a change of the account. */
export async function readSession(): Promise<void> {
  take(await api.get<Session>("/session"));
}

export async function signOut(): Promise<void> {
  await api.delete("/session", { anonymous: true, repeatable: true }).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.status === 401)) throw error; // 401: it had ended already
  });
  forget();
}

function forget(): void {
  state.user = null;
  state.csrfToken = null;
  state.viewAs = null;
  state.previous = null;
  dropView();
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  await api.post("/session/password", { old: oldPassword, new: newPassword });
  take(await api.get<Session>("/session"));
}

/** Whether the user's roles permit `action` on resources of `kind`. The server decides; this only hides. */
export function may(action: string, kind: string): boolean {
  const permission = `${action}:${kind}`;
  return (state.user?.permissions.includes(permission) ?? false) && (state.viewAs?.permissions.includes(permission) ?? true);
}

/** See all pages through the eyes of `other` from now on. They are opened anew: none of them may show what it holds. */
export function beginView(other: Omit<ViewAs, "viewer" | "from">): void {
  if (!state.user) return;
  keepView({ viewer: state.user.id, from: location.pathname + location.search, ...other });
  location.assign("/databases");
}

/** See with one's own eyes again, on the page where the view began. */
export function endView(): void {
  const from = state.viewAs?.from ?? "/";
  dropView();
  location.assign(from);
}

// A session that ended in mid-work: every request that met it waits for the same new login.

export class GivenUp extends Error {}

let renewal: { promise: Promise<void>; settle: (renewed: boolean) => void } | null = null;

function renewed(): Promise<void> {
  renewal ??= startRenewal();
  return renewal.promise;
}

function startRenewal() {
  state.renewing = true;
  let settle: (renewed: boolean) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (done) => {
      renewal = null;
      state.renewing = false;
      if (done) resolve();
      else reject(new GivenUp());
    };
  });
  return { promise, settle };
}

/** The same user signs in again, over the page. Throws what the server says to a wrong password. */
export async function renewSession(password: string, code = ""): Promise<void> {
  if (state.user) await signIn(state.user.name, password, code);
  renewal?.settle(true);
}

/** Leave the page and what was typed on it. */
export function giveUpSession(): void {
  forget();
  renewal?.settle(false);
}
