/** Changes as pages list them: by what they cost, then by the part of the database they belong to. */

import type { Change, ChangeCounts, PlannedChange, Safety } from "../../../shared/api/types";
import type { Label } from "../../../shared/texts";

export type Section = "database" | "events" | "value_sets" | "record_types" | "forms";

export interface ChangeGroup<C extends Change> {
  key: string;
  section: Section;
  /** The record type, form or value set; null for parts that are not divided. */
  name: { code: string; label: Label } | null;
  changes: C[];
  counts: ChangeCounts;
}

const SECTIONS: Readonly<Record<Change["thing"], Section>> = {
  database: "database",
  event: "events",
  value_set: "value_sets",
  choice: "value_sets",
  record_type: "record_types",
  field: "record_types",
  form: "forms",
  item: "forms",
};
const ORDER: readonly Section[] = ["database", "record_types", "forms", "value_sets", "events"];

/** Record types and forms each on their own, all else by its part; in the order of the document. */
export function grouped<C extends Change>(changes: readonly C[]): ChangeGroup<C>[] {
  const groups = new Map<string, ChangeGroup<C>>();
  for (const change of changes) {
    const section = SECTIONS[change.thing];
    const name = section === "record_types" || section === "forms" ? (change.within ?? { code: change.code, label: change.label }) : null;
    const key = `${section} ${section === "record_types" ? change.type_id : (name?.code ?? "")}`;
    const group = groups.get(key) ?? { key, section, name, changes: [], counts: { added: 0, removed: 0, changed: 0 } };
    groups.set(key, group);
    group.changes.push(change);
    group.counts[countedAs(change)] += 1;
  }
  return [...groups.values()].sort((one, other) => ORDER.indexOf(one.section) - ORDER.indexOf(other.section));
}

function countedAs({ act }: Change): keyof ChangeCounts {
  if (act === "add") return "added";
  return act === "remove" ? "removed" : "changed";
}

export function bySafety(changes: readonly PlannedChange[]): Record<Safety, PlannedChange[]> {
  const found: Record<Safety, PlannedChange[]> = { safe: [], lossy: [], destructive: [] };
  for (const change of changes) found[change.safety].push(change);
  return found;
}
