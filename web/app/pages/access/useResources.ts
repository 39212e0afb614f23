/** The published databases by name: what can be asked for or granted. */

import type { GrantResource, GrantResources } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { api } from "../../session/session";

export function useResources(): Loaded<GrantResource[]> {
  return useLoaded(async (signal) => (await api.get<GrantResources>("/access/resources", { signal })).items);
}

/** The open projects that one is a member of: what a request may be for. */
export function useOwnProjects(): Loaded<GrantResources["projects"]> {
  return useLoaded(async (signal) => (await api.get<GrantResources>("/access/resources", { signal })).projects);
}
