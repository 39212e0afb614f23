/** The language of the interface: chosen by the user, kept in the browser, else the browser's own. */

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

const STORED_AS = "zhenshu.language";

function initial(): Language {
  const stored = localStorage.getItem(STORED_AS);
  return LANGUAGES.find((language) => language === stored) ?? preferredLanguage(navigator.languages);
}

const current = ref<Language>(initial());

export const language: ComputedRef<Language> = computed(() => current.value);

export function setLanguage(chosen: Language): void {
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
