/** How many records a listing has; null until it is known, or where it can't be told. */

import { type Ref, watch } from "vue";

import { type Loaded, useLoaded } from "../../components/useLoaded";
import { countRecords, type Listing } from "./records";

export function useCount(code: string, type: string, listing: Ref<Listing>): Loaded<number | null> {
  const asked = () => ({ where: listing.value.where, trashed: listing.value.trashed, parent: listing.value.parent });
  const count = useLoaded<number | null>((signal) => countRecords(code, type, asked(), signal));
  watch(() => JSON.stringify(asked()), () => {
    count.data.value = null; // the number of another filter would be wrong
    void count.reload();
  });
  return count;
}
