/** What a grant would open, asked of the server a moment after the form last changed. */

import { onScopeDispose, type Ref, ref, shallowRef, watch } from "vue";

import type { GrantPreview } from "../../../shared/api/types";
import { ApiError } from "../../../shared/api/errors";
import { errorText } from "../../components/errorText";
import { api } from "../../session/session";
import { grantBody, type GrantForm, isPreviewable } from "./grantForm";

const WAIT = 350; // ms

export interface Preview {
  preview: Ref<GrantPreview | null>;
  failure: Ref<string>;
  /** Of the rule of the rows. */
  whereError: Ref<string>;
}

export function usePreview(form: Ref<GrantForm>): Preview {
  const preview = shallowRef<GrantPreview | null>(null);
  const failure = ref("");
  const whereError = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();

  function stop() {
    clearTimeout(timer);
    running.abort();
  }

  async function ask() {
    const mine = (running = new AbortController());
    // The reason plays no part in what a grant opens.
    const body = { ...grantBody(form.value), reason: form.value.reason.trim() || "–" };
    try {
      const answer = await api.post<GrantPreview>("/access/grants/preview", body, { signal: mine.signal });
      if (!mine.signal.aborted) preview.value = answer;
    } catch (error) {
      if (mine.signal.aborted) return;
      const what = errorText(error).what;
      if (error instanceof ApiError && error.code === "RowRuleWrong") whereError.value = what;
      else failure.value = what;
    }
  }

  watch(
    form,
    () => {
      stop();
      preview.value = null;
      failure.value = whereError.value = "";
      if (isPreviewable(form.value)) timer = setTimeout(() => void ask(), WAIT);
    },
    { deep: true },
  );
  onScopeDispose(stop);
  return { preview, failure, whereError };
}
