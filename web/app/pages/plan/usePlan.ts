/** The plan on the page: made or found, watched while it matters, approved, published, resumed, given up. */

import { computed, type ComputedRef, onScopeDispose, ref, type Ref, shallowRef } from "vue";

import { path } from "../../../shared/api/client";
import { ApiError, ConnectionLost, isAborted } from "../../../shared/api/errors";
import type { DraftProblem, Plan } from "../../../shared/api/types";
import { api, GivenUp } from "../../session/session";
import { abandonPlan, approvePlan, getPlan, makePlan, newestPlan, publishPlan, resumePlan } from "./plans";
import { problemsOf } from "./problems";
import { type Standing, standingOf } from "./standing";

const WHILE_RUNNING = 700; // ms between two questions
const AT_REST = 15_000; // somebody may publish or edit the draft

export interface PlanOnPage {
  state: Ref<"loading" | "ready" | "nothing" | "problems" | "error" | "denied">;
  plan: Ref<Plan | null>;
  standing: ComputedRef<Standing | null>;
  problems: Ref<DraftProblem[]>;
  error: Ref<unknown>;
  /** An older plan that the draft has outgrown and that this one replaces. */
  replaced: Ref<Plan | null>;
  /** The answer to a publish was lost: the plan itself tells how it ended, also that it never began. */
  lost: Ref<"" | "asking" | "not-begun">;
  /** Why the last publish was refused or failed. */
  failure: Ref<unknown>;
  load(id: number | null): Promise<void>;
  approve(): Promise<void>;
  publish(note: string): void;
  resume(): void;
  abandon(): Promise<void>;
}

export function usePlan(code: () => string): PlanOnPage {
  const state = ref<PlanOnPage["state"]["value"]>("loading");
  const plan = shallowRef<Plan | null>(null);
  const problems = shallowRef<DraftProblem[]>([]);
  const error = shallowRef<unknown>(null);
  const replaced = shallowRef<Plan | null>(null);
  const failure = shallowRef<unknown>(null);
  const publishing = ref(false);
  const lost = ref<PlanOnPage["lost"]["value"]>("");
  const standing = computed(() => plan.value && standingOf(plan.value, publishing.value));

  let loading = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let etag: string | null = null;
  const lookAgain = () => !document.hidden && plan.value && void ask();
  document.addEventListener("visibilitychange", lookAgain);
  onScopeDispose(() => {
    stop();
    document.removeEventListener("visibilitychange", lookAgain);
  });

  function stop() {
    loading.abort();
    clearTimeout(timer);
  }

  function show(found: Plan) {
    if (plan.value?.id !== found.id) etag = null;
    plan.value = found;
    state.value = "ready";
    watch();
  }

  async function load(id: number | null) {
    stop();
    const mine = (loading = new AbortController());
    state.value = "loading";
    plan.value = null;
    replaced.value = null;
    failure.value = null;
    lost.value = "";
    try {
      const wanted = id === null ? null : await getPlan(id, mine.signal);
      const found = wanted?.database === code() ? wanted : await planOfDraft(mine.signal); // an id of another database
      if (!mine.signal.aborted) show(found);
    } catch (reason) {
      if (!mine.signal.aborted) fail(reason);
    }
  }

  /** The newest plan if it still counts, else a new one. A way back counts only while there is no draft. */
  async function planOfDraft(signal: AbortSignal): Promise<Plan> {
    const newest = await newestPlan(code(), signal);
    if (newest?.begun) return newest;
    const waits = newest?.state === "planned" ? newest : null;
    const counts = waits?.outdated === null;
    if (counts && waits.source === "draft") return waits;
    try {
      const made = await makePlan(code());
      replaced.value = waits;
      return made;
    } catch (reason) {
      if (counts && isNothing(reason)) return waits;
      throw reason;
    }
  }

  function fail(reason: unknown) {
    if (isAborted(reason) || reason instanceof GivenUp) return;
    const found = problemsOf(reason);
    if (found) {
      problems.value = found;
      state.value = "problems";
    } else if (isNothing(reason)) state.value = "nothing";
    else {
      error.value = reason;
      state.value = reason instanceof ApiError && reason.status === 403 ? "denied" : "error";
    }
  }

  /** Ask again later: soon while it runs, seldom while it waits, never once it is closed. */
  function watch() {
    clearTimeout(timer);
    if (standing.value === null || ["published", "abandoned"].includes(standing.value)) return;
    const wait = standing.value === "running" ? WHILE_RUNNING : AT_REST;
    timer = setTimeout(() => void ask(), wait);
  }

  async function ask() {
    clearTimeout(timer);
    const asked = plan.value;
    if (!asked) return;
    try {
      const answer = document.hidden ? null : await api.getChanged<Plan>(path`/plans/${asked.id}`, etag, { signal: loading.signal });
      if (plan.value?.id !== asked.id) return;
      if (answer) {
        etag = answer.etag;
        plan.value = answer.body;
      }
      if (!document.hidden) settle(plan.value);
    } catch (reason) {
      if (isAborted(reason) || reason instanceof GivenUp) return; // else: it stays as it is known
    }
    watch();
  }

  /** After a lost answer: a plan that nobody is at work on has ended, one way or another. */
  function settle(known: Plan) {
    if (lost.value !== "asking" || known.running) return;
    publishing.value = false;
    lost.value = known.begun || known.state === "swapped" ? "" : "not-begun";
  }

  async function approve() {
    if (plan.value) show(await approvePlan(plan.value.id));
  }

  /** Let it run, and look on. What became of it is read from the plan, whatever became of the answer. */
  async function run(act: (id: number) => Promise<unknown>) {
    const id = plan.value?.id;
    if (id === undefined || publishing.value) return;
    publishing.value = true;
    failure.value = null;
    lost.value = "";
    watch();
    try {
      await act(id);
    } catch (reason) {
      if (reason instanceof ConnectionLost) {
        lost.value = "asking";
        return; // `ask` finds out
      }
      failure.value = reason;
    }
    publishing.value = false;
    if (plan.value?.id === id) await getPlan(id, loading.signal).then(show, () => undefined);
  }

  async function abandon() {
    if (plan.value) show(await abandonPlan(plan.value.id));
  }

  return {
    state, plan, standing, problems, error, replaced, lost, failure, load, approve, abandon,
    publish: (note) => void run((id) => publishPlan(id, note)),
    resume: () => void run(resumePlan),
  };
}

function isNothing(reason: unknown): boolean {
  return reason instanceof ApiError && reason.code === "NothingToPublish";
}
