/** The emergencies of one's own that hold now: what the banner tells, and the clock that ends it. */

import { reactive, readonly } from "vue";

import { path } from "../../../shared/api/client";
import type { Emergency, RunningEmergencies } from "../../../shared/api/types";
import { api, may } from "../../session/session";

interface State {
  running: Emergency[];
  /** As the policy permits; what the form offers at most. */
  longest: number;
  now: number;
}

const state = reactive<State>({ running: [], longest: 60, now: Date.now() });
let timer: ReturnType<typeof setInterval> | undefined;

export const emergencies = readonly(state);

/** Ask the server, and go on telling the time while one holds. */
export async function watchEmergencies(): Promise<void> {
  if (!may("emergency", "records")) return;
  const { items, longest_minutes } = await api.get<RunningEmergencies>("/access/emergencies/running");
  take(items, longest_minutes);
}

export function take(items: Emergency[], longest = state.longest): void {
  state.running = items;
  state.longest = longest;
  state.now = Date.now();
  clearInterval(timer);
  if (items.length > 0) timer = setInterval(tick, 1000);
}

/** What is over leaves by itself: the server shows identities no more. */
function tick(): void {
  state.now = Date.now();
  const left = state.running.filter(({ ends_at }) => Date.parse(ends_at) > state.now);
  if (left.length === state.running.length) return;
  take(left);
}

export function forgetEmergencies(): void {
  take([]);
}

export interface NewEmergency {
  database: string;
  scope: Emergency["scope"];
  record_type?: string;
  record?: number;
  /** What the database knows the patient by, in place of a record. */
  identifier?: string;
  minutes: number;
  reason: string;
}

export async function startEmergency(wanted: NewEmergency): Promise<Emergency> {
  const made = await api.post<Emergency>("/access/emergencies", wanted);
  take([...state.running, made]);
  return made;
}

export async function endEmergency({ id }: Pick<Emergency, "id">): Promise<void> {
  await api.post(path`/access/emergencies/${id}/end`);
  take(state.running.filter((each) => each.id !== id));
}
