/** The roles that ship, with their names and what they permit; fetched once per page. */

import type { RoleDescription } from "../../../shared/api/types";
import { type Loaded, useLoaded } from "../../components/useLoaded";
import { labelText, language } from "../../language";
import { api } from "../../session/session";

export function useRoles(): Loaded<RoleDescription[]> {
  return useLoaded(async (signal) => (await api.get<{ items: RoleDescription[] }>("/roles", { signal })).items);
}

/** "科研人员、阅览者", "Researcher, Reader". */
export function roleNames(roles: readonly RoleDescription[] | null, names: readonly string[]): string {
  return names.map((name) => roleName(roles, name)).join(language.value === "en" ? ", " : "、");
}

export function roleName(roles: readonly RoleDescription[] | null, name: string): string {
  return labelText(roles?.find((role) => role.name === name)) || name;
}
