/** The editor's own program, loaded where a rule is edited: until it is there, and without it, a plain input does. */

import { computed, type ComputedRef, onBeforeUnmount, onMounted, type Ref, ref, shallowRef, watch } from "vue";

import { language, useTexts } from "../language";
import { loadDatabase } from "../stores/databases";
import { type Catalogue, liveCatalogue } from "./catalogue";
import { type Verdict, withoutAt, wordsOf } from "./checking";
import { loadVocabulary } from "./loadVocabulary";
import { texts } from "./texts";
import type { Mark, RuleView, Settings } from "./view/ruleView";
import type { Words } from "./vocabulary";

export interface RuleViewInput {
  host: Ref<HTMLElement | null>;
  /** The plain input, whose focus goes on in the editor. */
  plain: Ref<HTMLTextAreaElement | null>;
  text: Ref<string>;
  lines: () => "one" | "many";
  settings: () => Omit<Settings, "description">;
  verdict: Ref<Verdict>;
  database: () => string;
  recordType: () => string;
  /** Null where it is the live one's. */
  catalogue: () => Catalogue | null;
  submit(): void;
}

export interface RuleViewOutput {
  view: Ref<RuleView | null>;
  words: Ref<Words | null>;
  /** The verdict without what is said of a name that is still being chosen. */
  told: ComputedRef<Verdict>;
}

export function useRuleView(input: RuleViewInput): RuleViewOutput {
  const view = shallowRef<RuleView | null>(null);
  const words = shallowRef<Words | null>(null);
  const live = shallowRef<Catalogue | null>(null);
  const choosing = ref<number | null>(null);
  const told = computed(() => withoutAt(input.verdict.value, choosing.value));
  const say = useTexts(texts);
  let isGone = false;

  async function mount() {
    const before = input.text.value;
    const [{ mountRuleView }, vocabulary] = await Promise.all([import("./view/ruleView"), loadVocabulary()]);
    const host = input.host.value;
    if (isGone || !host) return;
    words.value = vocabulary;
    const plain = input.plain.value;
    const hadFocus = plain !== null && document.activeElement === plain;
    const made = mountRuleView(host, {
      text: input.text.value,
      lines: input.lines(),
      settings: settings(),
      writing: () => ({ words: vocabulary, catalogue: input.catalogue() ?? live.value, type: input.recordType(), language: language.value }),
      onChange: (text) => (input.text.value = text),
      onChoosing: (cursor) => (choosing.value = cursor),
      onSubmit: input.submit,
    });
    if (hadFocus) {
      made.select(plain.selectionStart, plain.selectionEnd);
      made.focus();
      if (input.text.value !== before) made.complete(); // typed while it was loading
    }
    view.value = made;
  }

  async function loadLive() {
    if (input.catalogue()) return;
    const code = input.database();
    const found = await loadDatabase(code).catch(() => null); // completion lacks fields; checks go on
    if (found && code === input.database()) live.value = liveCatalogue(found);
  }

  const settings = (): Settings => ({ ...input.settings(), description: told.value.findings.map(wordsOf).join(" ") });

  function marks(): Mark[] {
    const { findings, text } = told.value;
    if (text !== input.text.value) return [];
    return findings.map((finding) => ({
      from: finding.from,
      to: finding.to,
      severity: finding.severity,
      message: wordsOf(finding),
      acts: finding.fixes.map((insert) => ({ name: say("changeTo", { name: insert }), insert })),
    }));
  }

  onMounted(() => void mount().catch(() => undefined)); // the plain input stays
  onBeforeUnmount(() => {
    isGone = true;
    view.value?.destroy();
  });
  watch(input.database, loadLive, { immediate: true });
  watch(input.text, (text) => view.value?.setText(text), { flush: "sync" });
  watch(() => JSON.stringify(settings()), () => view.value?.set(settings()));
  watch([view, told, language], () => view.value?.mark(marks()));

  return { view, words, told };
}
