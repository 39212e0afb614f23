/** The builder at work: the filter's parts, where they came from, and the acts that change them. */

import { computed, type ComputedRef, inject, type InjectionKey, nextTick, onScopeDispose, provide, type Ref, ref } from "vue";

import type { Database, RecordType, RuleNode } from "../../../../shared/api/types";
import { isAborted } from "../../../../shared/api/errors";
import type { Label } from "../../../../shared/texts";
import { language } from "../../../language";
import { formatRules, parseRule } from "./interface";
import { condition, type Group, group, type Part, partsOf, related, textPart, type TextPart } from "./model";
import { duplicate, insertAfter, moveBy, relatedAround, remove, spotOf, wrap } from "./moves";
import { reach, type Reached, relatedTypes, type Surroundings, typeNamed } from "./reach";
import { readRoot, withBareDates } from "./reading";
import { levelsOf, unfinished, writePart } from "./writing";

/** Levels of JSON that the server reads are limited; deeper filters stay texts. */
const DEEPEST = 58;

export type BuilderState = "loading" | "ready" | "unreadable" | "tooDeep" | "error";

export interface Builder {
  root: Ref<Group>;
  state: Ref<BuilderState>;
  error: Ref<unknown>;
  /** Why the text is no rule. */
  reason: Ref<Label | null>;
  /** What differs from the text it was read from. */
  changed: ComputedRef<boolean>;
  toFinish: ComputedRef<number>;
  /** The filter as far as it is filled in; null for none. */
  tree: ComputedRef<RuleNode | null>;
  /** The part whose first input takes the focus once it is drawn. */
  focused: Ref<number | null>;
  database: Database;
  type: RecordType;
  load(text: string): Promise<void>;
  /** What is drawn now is the filter in force. */
  settle(): void;
  /** The filter as a text in the reader's language; "" for none. */
  toText(): Promise<string>;
  around(id: number): Surroundings;
  reached(path: string, id: number): Reached | null;
  set<P extends Part>(part: P, changes: Partial<P>): void;
  add(parent: Group, kind: Part["kind"]): void;
  addAfter(id: number | null): void;
  /** Another part in the place of this one. */
  replace(id: number, by: Part): void;
  act(id: number, act: Act): void;
  clear(): void;
}

export type Act = "duplicate" | "wrap" | "up" | "down" | "remove";

const KEY: InjectionKey<Builder> = Symbol("builder");
export const provideBuilder = (builder: Builder) => provide(KEY, builder);
export function useBuilderHere(): Builder {
  const builder = inject(KEY);
  if (!builder) throw new Error("no builder around");
  return builder;
}

export function useBuilder(database: Database, type: RecordType): Builder {
  const root = ref<Group>(group()) as Ref<Group>;
  const state = ref<BuilderState>("ready");
  const error = ref<unknown>(null);
  const reason = ref<Label | null>(null);
  const focused = ref<number | null>(null);
  const readFrom = ref("null");
  const tree = computed(() => writePart(root.value));
  const toFinish = computed(() => unfinished(root.value).length);
  const changed = computed(() => state.value === "ready" && (JSON.stringify(tree.value) !== readFrom.value || toFinish.value > 0));
  let running = new AbortController();
  onScopeDispose(() => running.abort());

  async function load(text: string) {
    running.abort();
    const { signal } = (running = new AbortController());
    state.value = "loading";
    try {
      const read = text.trim() ? await readText(text, signal) : group();
      if (signal.aborted || !read) return;
      root.value = read;
      readFrom.value = JSON.stringify(writePart(read));
      state.value = "ready";
    } catch (failure) {
      if (signal.aborted || isAborted(failure)) return;
      error.value = failure;
      state.value = "error";
    }
  }

  async function readText(text: string, signal: AbortSignal): Promise<Group | null> {
    const parsed = await parseRule(database.code, type.code, text, signal);
    if (!parsed.tree) {
      reason.value = parsed.ok ? null : parsed.error;
      state.value = "unreadable";
      return null;
    }
    if (levelsOf(parsed.tree) > DEEPEST) {
      state.value = "tooDeep";
      return null;
    }
    const read = readRoot(parsed.tree.root);
    await fillTexts(read, text, signal);
    return read;
  }

  async function toText() {
    if (!tree.value) return "";
    const [text] = await formatRules([tree.value]);
    return text ? inLanguage(text) : "";
  }

  function around(id: number): Surroundings {
    const records = relatedAround(root.value, id);
    const inner = records && typeNamed(database, records.records);
    return inner ? { database, type: inner, outer: type } : { database, type };
  }

  function made(kind: Part["kind"], within: Group): Part {
    if (kind === "group") return group("any", [condition()]);
    if (kind === "text") return textPart();
    if (kind === "condition" || relatedAround(root.value, within.id)) return condition();
    return related(relatedTypes(database, type)[0]?.code ?? "", { body: group("all", [condition()]) });
  }

  async function show(part: Part) {
    const inner = [...partsOf(part)].find(({ kind }) => kind === "condition");
    focused.value = null;
    await nextTick();
    focused.value = inner?.id ?? part.id;
  }

  const acts: Record<Act, (id: number) => void> = {
    duplicate: (id) => void duplicate(root.value, id),
    wrap: (id) => wrap(root.value, id),
    up: (id) => void moveBy(root.value, id, -1),
    down: (id) => void moveBy(root.value, id, 1),
    remove: (id) => remove(root.value, id),
  };

  return {
    root, state, error, reason, changed, toFinish, tree, focused, database, type, load, toText, around,
    settle: () => void (readFrom.value = JSON.stringify(tree.value)),
    reached: (path, id) => reach(path, around(id)),
    set: (part, changes) => void Object.assign(part, changes),
    add(parent, kind) {
      const part = made(kind, parent);
      parent.items.push(part);
      parent.collapsed = false;
      void show(part);
    },
    addAfter(id) {
      const part = condition();
      const at = id === null ? null : spotOf(root.value, id);
      insertAfter(root.value, at ? id : null, part);
      void show(part);
    },
    replace(id, by) {
      const spot = spotOf(root.value, id);
      if (spot) spot.parent.items.splice(spot.index, 1, by);
      void show(by);
    },
    act: (id, act) => acts[act](id),
    clear: () => void (root.value = group()),
  };
}

export function inLanguage({ zh, en }: Label): string {
  return language.value === "en" ? en : zh;
}

/** The parts that stay texts are given their text. */
async function fillTexts(root: Group, source: string, signal: AbortSignal): Promise<void> {
  const texts = [...partsOf(root)].filter((part): part is TextPart => part.kind === "text");
  for (let from = 0; from < texts.length; from += 100) {
    const some = texts.slice(from, from + 100);
    const written = await formatRules(some.flatMap(({ tree }) => tree ?? []), signal);
    for (const [i, part] of some.entries()) part.text = written[i] ? withBareDates(inLanguage(written[i]), source) : "";
  }
}
