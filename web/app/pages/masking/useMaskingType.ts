/** One masking type at work: what is edited of it, saving, publishing, and throwing its draft away. */

import { computed, type Ref, ref, watch } from "vue";

import type { MaskingMethod } from "../../../shared/api/types";
import { errorText } from "../../components/errorText";
import { useLoaded } from "../../components/useLoaded";
import { documentOf, emptyForm, formOf, isComplete, type MaskingForm } from "./form";
import { dropDraft, loadType, loadTypes, publishType, saveType } from "./types";

export const NEW = "+";

export function useMaskingType(code: string, methods: Ref<readonly MaskingMethod[] | null>) {
  const isNew = code === NEW;
  const loaded = useLoaded(async (signal) => {
    const all = await loadTypes(signal);
    return { all, own: isNew ? null : await loadType(code, signal) };
  });
  const form = ref<MaskingForm>(emptyForm());
  const kept = ref(JSON.stringify(form.value));
  const failure = ref("");
  const busy = ref(false);
  let version = 0;

  watch(loaded.data, (now) => {
    if (!now?.own) return;
    version = now.own.draft_version;
    form.value = formOf(now.own.document);
    kept.value = JSON.stringify(form.value);
  });

  const line = computed(() => loaded.data.value?.all.find((each) => each.code === code) ?? null);
  const taken = computed(() => new Set(isNew ? (loaded.data.value?.all ?? []).map((each) => each.code) : []));
  const method = computed(() => methods.value?.find(({ name }) => name === form.value.method));
  const isDirty = computed(() => JSON.stringify(form.value) !== kept.value);
  const isReady = computed(() => method.value !== undefined && isComplete(form.value, taken.value));

  /** Saves what is typed, if anything is; `live` also publishes it. Gives whether it went well. */
  async function save(live: boolean): Promise<boolean> {
    if (busy.value || !isReady.value) return false;
    busy.value = true;
    failure.value = "";
    try {
      if (isDirty.value || isNew) {
        version = await saveType(documentOf(form.value, method.value), version);
        kept.value = JSON.stringify(form.value);
      }
      if (live) await publishType(form.value.code);
      return true;
    } catch (error) {
      failure.value = errorText(error).what;
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { loaded, form, line, taken, method, isNew, isDirty, isReady, failure, busy, save, drop: () => dropDraft(code) };
}
