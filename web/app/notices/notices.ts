/** The user's notices: one loop asks for the latest with an ETag; it rests while the page is hidden. */

import { reactive, readonly } from "vue";

import { path } from "../../shared/api/client";
import { isAborted } from "../../shared/api/errors";
import type { Notice, Notices } from "../../shared/api/types";
import { api, GivenUp } from "../session/session";
import { FASTEST, nextWait } from "./polling";

interface State {
  /** The newest first. */
  list: Notice[];
  unread: number;
  known: boolean;
  /** Where older ones go on, or null. */
  next: string | number | null;
  error: unknown;
  drawerOpen: boolean;
}

const PAGE = 20;
const EMPTY: State = { list: [], unread: 0, known: false, next: null, error: null, drawerOpen: false };
const state = reactive<State>({ ...EMPTY });

export const notices = readonly(state);

let etag: string | null = null;
let wait = FASTEST;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | null = null;

/** Look now, and go on looking. */
export async function watchNotices(): Promise<void> {
  clearTimeout(timer);
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const answer = await api.getChanged<Notices>("/notices", etag, { query: { limit: PAGE }, signal: mine.signal });
    if (answer) take(answer.body, answer.etag);
    state.error = null;
    wait = nextWait(wait, answer !== null);
  } catch (error) {
    if (isAborted(error) || error instanceof GivenUp) return;
    state.error = error;
  }
  if (!document.hidden) timer = setTimeout(() => void watchNotices(), wait);
}

/** The newest page is as the server says; older ones that were fetched stay below it. */
function take(body: Notices, newTag: string | null): void {
  const oldest = body.items.at(-1)?.id ?? 0;
  const older = body.next === null ? [] : state.list.filter(({ id }) => id < oldest);
  state.list = [...body.items, ...older];
  state.unread = body.unread;
  if (older.length === 0) state.next = body.next;
  state.known = true;
  etag = newTag;
}

export async function loadOlder(): Promise<void> {
  if (state.next === null) return;
  const body = await api.get<Notices>("/notices", { query: { limit: PAGE, after: state.next } });
  const known = new Set(state.list.map(({ id }) => id));
  state.list = [...state.list, ...body.items.filter(({ id }) => !known.has(id))];
  state.next = body.next;
}

/** Mark one as read; at once on the screen, then on the server. */
export async function readNotice(id: number): Promise<void> {
  mark((notice) => notice.id === id);
  await api.post(path`/notices/${id}/read`, undefined, { repeatable: true });
  await watchNotices();
}

/** Mark all that are in sight or older; what comes meanwhile stays unread. */
export async function readAll(): Promise<void> {
  const newest = state.list[0]?.id;
  if (newest === undefined) return;
  mark(() => true);
  await api.post("/notices/read", { up_to: newest }, { repeatable: true });
  await watchNotices();
}

function mark(which: (notice: Notice) => boolean): void {
  const at = new Date().toISOString();
  const marked = state.list.map((notice) => (which(notice) && notice.read_at === null ? { ...notice, read_at: at } : notice));
  const count = marked.filter((notice, i) => notice !== state.list[i]).length;
  state.list = marked;
  state.unread = Math.max(0, state.unread - count);
}

document.addEventListener("visibilitychange", () => {
  if (!state.known) return;
  if (document.hidden) clearTimeout(timer);
  else void watchNotices();
});

export function showNotices(open = true): void {
  state.drawerOpen = open;
  if (open) void watchNotices();
}

export function forgetNotices(): void {
  clearTimeout(timer);
  asking?.abort();
  Object.assign(state, { ...EMPTY, list: [] });
  etag = null;
  wait = FASTEST;
}
