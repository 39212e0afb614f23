/** Usual reasons for a missing value, to choose from. */

export const REASONS: readonly string[] = ["unknown", "refused", "not_done", "not_applicable", "not_asked", "lost"];
