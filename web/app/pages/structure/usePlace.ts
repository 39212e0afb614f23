/** Which record type and field the address names: "?type=visit" or "?field=visit.visit_date". */

import { computed, type ComputedRef, onScopeDispose } from "vue";
import { onBeforeRouteLeave, useRoute, useRouter } from "vue-router";

export interface StructurePlace {
  type: string;
  field: string;
}

/** Codes have no dots, so the first one parts them. */
export function readPlace(query: Readonly<Record<string, unknown>>): StructurePlace {
  const [named, type] = [query.field, query.type].map((value) => (typeof value === "string" ? value : ""));
  const dot = named?.indexOf(".") ?? -1;
  if (named && dot > 0) return { type: named.slice(0, dot), field: named.slice(dot + 1) };
  return { type: type ?? "", field: "" };
}

export interface StructurePlaces {
  place: ComputedRef<StructurePlace>;
  /** Whether the address names what was last shown here; else a link led elsewhere. */
  isOwn(place: StructurePlace): boolean;
  show(type: string, field?: string): void;
}

export function useStructurePlace(): StructurePlaces {
  const [route, router] = [useRoute(), useRouter()];
  const place = computed(() => readPlace(route.query));
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let own = "";
  /** Someone is on the way to another page: an address set now would call them back. */
  let leaving = false;
  onBeforeRouteLeave(() => {
    leaving = true;
  });
  onScopeDispose(router.afterEach(() => (leaving = false)));

  /** The address follows a moment later: it need not change with every key pressed. */
  function show(type: string, field = "") {
    clearTimeout(waiting);
    const here = route.path;
    waiting = setTimeout(() => {
      own = `${type}.${field}`;
      if (leaving || route.path !== here || (place.value.type === type && place.value.field === field)) return;
      void router.replace({ query: field ? { field: `${type}.${field}` } : { type } });
    }, 250);
  }

  return { place, isOwn: ({ type, field }) => `${type}.${field}` === own, show };
}
