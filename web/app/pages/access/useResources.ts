/** The published databases by name: what can be asked for or granted. */

import type { GrantResource } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { api } from "../../session/session";

export function useResources(): Loaded<GrantResource[]> {
  return useLoaded(async (signal) => (await api.get<{ items: GrantResource[] }>("/access/resources", { signal })).items);
}
