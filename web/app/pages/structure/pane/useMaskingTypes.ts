/** The masking types there are, read when the choice opens. `failed`: what to say where they can't be read. */

import { ref } from "vue";

import type { MaskingType } from "../../../../shared/api/types";
import { notifyError } from "../../../components/notify";
import { GivenUp } from "../../../session/session";
import { loadTypes } from "../../masking/types";

export function useMaskingTypes(failed: () => string) {
  const types = ref<MaskingType[]>([]);
  loadTypes().then(
    (found) => (types.value = found),
    (error: unknown) => error instanceof GivenUp || notifyError(error, failed()),
  );
  return types;
}
