/** Permissions by name, for telling someone which one is missing. */

import type { Permission } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { labelText } from "../language";
import { ACTIONS, KINDS } from "./texts";

export function permissionName([action, kind]: Permission): string {
  const actions: Readonly<Record<string, Label>> = ACTIONS;
  const kinds: Readonly<Record<string, Label>> = KINDS;
  return [labelText(actions[action]) || action, labelText(kinds[kind]) || kind].join(" ");
}
