/** A plan for tests. */

import type { Plan } from "../../../shared/api/types";

export function aPlan(more: Partial<Plan> = {}): Plan {
  return {
    id: 7, database: "lung", state: "planned", safety: "safe", needs_approval: false, operations: [], applied: 0, error: null,
    source: "draft", from_release: 1, release: null, begun: false, running: false, note: "", published_by: null, outdated: null,
    created_by: "li", created_at: "2026-03-05T06:20:00+00:00", approved_by: null, approved_at: null, finished_at: null, ...more,
  };
}
