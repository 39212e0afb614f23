/** The language of the interface: the user's choice, kept for them and in the browser, else the browser's own. */

import { computed, type ComputedRef, ref, watchEffect } from "vue";

import {
  type Language,
  LANGUAGES,
  type Label,
  type Lookup,
  lookupIn,
  pickLabel,
  preferredLanguage,
  type Texts,
} from "../shared/texts";

export type { Language };

const STORED_AS = "zhenshu.language";

function initial(): Language {
  const stored = localStorage.getItem(STORED_AS);
  return LANGUAGES.find((language) => language === stored) ?? preferredLanguage(navigator.languages);
}

const current = ref<Language>(initial());

export const language: ComputedRef<Language> = computed(() => current.value);

/** Chosen on this page since it was opened, as before signing in. */
let chosenHere = false;

export function setLanguage(chosen: Language): void {
  chosenHere = true;
  show(chosen);
}

/**
 * Take the language that a user who signs in chose before ("" for none), unless one was chosen here first:
 * then that one is given back, to be remembered for the user.
 */
export function adoptLanguage(remembered: "" | "zh" | "en"): Language | null {
  if (chosenHere) {
    chosenHere = false;
    return current.value;
  }
  if (remembered) show(remembered === "en" ? "en" : "zh-CN");
  return null;
}

function show(chosen: Language): void {
  current.value = chosen;
  localStorage.setItem(STORED_AS, chosen);
}

/** The lookup of `texts` in the current language; reactive in templates. */
export function useTexts<T extends Texts>(texts: T): Lookup<T> {
  return lookupIn(texts, () => current.value);
}

/** A label in the current language; reactive in templates. */
export function labelText(label: Partial<Label> | null | undefined): string {
  return pickLabel(label, current.value);
}

/** Keep the document's own language in step, for screen readers, hyphens and fonts. */
export function followLanguage(): void {
  watchEffect(() => {
    document.documentElement.lang = current.value;
  });
}
