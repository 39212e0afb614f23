/** Breadcrumbs: the chain of parents that routes declare, with the names of the objects on the way. */

import { computed, type ComputedRef } from "vue";
import {
  type RouteLocationNormalizedLoaded,
  type RouteLocationResolvedGeneric,
  useRoute,
  useRouter,
} from "vue-router";

import { labelText } from "./language";

export interface Crumb {
  text: string;
  path: string;
}

type Located = RouteLocationNormalizedLoaded | RouteLocationResolvedGeneric;

export function useCrumbs(): ComputedRef<Crumb[]> {
  const route = useRoute();
  const router = useRouter();
  return computed(() => {
    const chain: Crumb[] = [];
    const seen = new Set<Located["name"]>(); // a circle of parents must not hang the page
    for (let at: Located | null = route; at && !seen.has(at.name); at = parentOf(at)) {
      seen.add(at.name);
      const text = titleOf(at);
      if (text) chain.unshift({ text, path: at.path });
    }
    return chain;
  });

  function parentOf(at: Located): RouteLocationResolvedGeneric | null {
    const name = at.meta.parent;
    const record = router.getRoutes().find((each) => each.name === name);
    if (!name || !record) return null;
    const params = Object.fromEntries(Object.entries(at.params).filter(([key]) => record.path.includes(`:${key}`)));
    return router.resolve({ name, params });
  }
}

export function titleOf(at: Located): string {
  const { title } = at.meta;
  const given = typeof title === "function" ? title(at as RouteLocationNormalizedLoaded) : title;
  return typeof given === "string" ? given : labelText(given);
}
