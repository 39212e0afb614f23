/** Where the rows of the workbench lead, and in which order databases stand there. */

import type { RouteLocationRaw, Router } from "vue-router";

import type { DatabaseSummary, RecentRecord, WaitingItem } from "../../../shared/api/types";
import { may } from "../../session/session";
import { toDatabase } from "../../shell/findables";
import { recordCount } from "../databases/summaries";

/** The page where one works in a database: its data, or its structure while nothing is published. */
export function toWork(router: Router, { code, release, record_types }: DatabaseSummary): RouteLocationRaw | null {
  const [first] = record_types;
  if (release && first && router.hasRoute("database-data")) return { name: "database-data", params: { code, type: first.code } };
  if (router.hasRoute("database-structure") && may("design", "databases")) return { name: "database-structure", params: { code } };
  return null;
}

export function toRecord({ database, record_type, id }: RecentRecord): RouteLocationRaw {
  return { name: "database-data", params: { code: database.code, type: record_type.code }, query: { record: String(id) } };
}

/** Where the act is done that is waited for; null where the row itself has it. */
export function toAct(router: Router, item: WaitingItem): RouteLocationRaw | null {
  if (item.access) {
    return { name: item.kind === "emergency" ? "access-emergencies" : "access-requests", query: { open: String(item.access) } };
  }
  if (!item.database) return null;
  const { code } = item.database;
  const name = item.kind === "draft" ? "database-structure" : "database-plan";
  return router.hasRoute(name) ? { name, params: { code } } : toDatabase(router, code);
}

/** Those worked in lately first, then those with the most records; of equals, one with a draft first. */
export function byUse(list: readonly DatabaseSummary[], recent: readonly RecentRecord[]): DatabaseSummary[] {
  const lately = [...new Set(recent.map(({ database }) => database.code))];
  const rank = ({ code }: DatabaseSummary) => (lately.includes(code) ? lately.indexOf(code) : lately.length);
  const size = (database: DatabaseSummary) => recordCount(database) ?? 0;
  const drafted = ({ draft_version }: DatabaseSummary) => (draft_version > 0 ? 0 : 1);
  return [...list].sort((a, b) => rank(a) - rank(b) || size(b) - size(a) || drafted(a) - drafted(b));
}
