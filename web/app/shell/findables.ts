/** What the palette can lead to: pages, databases with their record types, and fields. */

import type { RouteLocationRaw, Router } from "vue-router";

import type { DatabaseSummary, Found } from "../../shared/api/types";
import type { Label } from "../../shared/texts";
import { labelText, useTexts } from "../language";
import { may } from "../session/session";
import type { Findable } from "./search";
import { texts } from "./texts";

export interface Destination extends Findable {
  id: string;
  kind: string;
  /** Where it belongs: the database of a field. */
  within: string;
  to: RouteLocationRaw;
}

const RANK = { page: 0, database: 1, recordType: 2, field: 3 };

export function pages(router: Router): Destination[] {
  const kind = useTexts(texts)("page");
  return router.getRoutes().flatMap((route): Destination[] => {
    const { title, needs, findable } = route.meta;
    if (!findable || !route.name || !title || typeof title === "function") return [];
    if (needs && !may(needs[0], needs[1])) return [];
    const to = { name: route.name };
    return [{ id: `page ${String(route.name)}`, kind, within: "", to, rank: RANK.page, ...named(title) }];
  });
}

export function inDatabases(list: readonly DatabaseSummary[], router: Router): Destination[] {
  const text = useTexts(texts);
  return list.flatMap(({ code, label, record_types }) => [
    { id: `database ${code}`, kind: text("database"), within: "", to: toDatabase(router, code), rank: RANK.database, ...named(label, code) },
    ...record_types.map((type) => ({
      id: `type ${code}.${type.code}`,
      kind: text("recordType"),
      within: labelText(label),
      to: toRecordType(router, code, type.code),
      rank: RANK.recordType,
      ...named(type.label, type.code),
    })),
  ]);
}

/** What the server found, of the kinds that the lists here do not hold: fields. */
export function fieldsAmong(found: readonly Found[], router: Router): Destination[] {
  const kind = useTexts(texts)("field");
  return found.flatMap(({ database, record_type: type, field }) => {
    if (!type || !field) return [];
    return [
      {
        id: `field ${database.code}.${type.code}.${field.code}`,
        kind,
        within: `${labelText(database.label)} / ${labelText(type.label)}`,
        to: toField(router, database.code, type.code, field.code),
        rank: RANK.field,
        ...named(field.label, field.code),
      },
    ];
  });
}

function named(label: Label, code = ""): Pick<Findable, "title" | "words"> {
  return { title: labelText(label) || code, words: [label.zh, label.en, code].filter(Boolean) };
}

// An object leads to its own page where there is one, else to the nearest page above it.

export function toDatabase(router: Router, code: string): RouteLocationRaw {
  if (router.hasRoute("database")) return { name: "database", params: { code } };
  return { name: "databases", query: { open: code } };
}

export function toRecordType(router: Router, code: string, type: string): RouteLocationRaw {
  if (router.hasRoute("database-data")) return { name: "database-data", params: { code, type } };
  return toDatabase(router, code);
}

export function toField(router: Router, code: string, type: string, field: string): RouteLocationRaw {
  if (router.hasRoute("database-structure")) {
    return { name: "database-structure", params: { code }, query: { field: `${type}.${field}` } };
  }
  return toRecordType(router, code, type);
}
