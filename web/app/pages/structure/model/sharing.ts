/** Keeping the objects one has: an answer that says the same is no reason to draw everything anew. */

/** `fresh`, with every part that equals the part of `old` at its place replaced by that very part. */
export function shared<T>(old: unknown, fresh: T): T {
  if (old === fresh || typeof old !== "object" || typeof fresh !== "object" || old === null || fresh === null) return fresh;
  if (Array.isArray(fresh)) return (Array.isArray(old) ? sharedList(old, fresh) : fresh) as T;
  return Array.isArray(old) ? fresh : sharedObject(old as Record<string, unknown>, fresh as Record<string, unknown>) as T;
}

/** Items are found again by their id or code where they have one: one that moved is still itself. */
function sharedList(old: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] {
  const byName = new Map(old.map((item) => [nameOf(item), item]));
  let same = old.length === fresh.length;
  const result = fresh.map((item, i) => {
    const name = nameOf(item);
    const kept = shared(name === undefined ? old[i] : byName.get(name), item);
    same &&= kept === old[i];
    return kept;
  });
  return same ? old : result;
}

function sharedObject(old: Record<string, unknown>, fresh: Record<string, unknown>): Record<string, unknown> {
  const keys = Object.keys(fresh);
  let same = keys.length === Object.keys(old).length;
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    result[key] = shared(old[key], fresh[key]);
    same &&= result[key] === old[key] && Object.hasOwn(old, key);
  }
  return same ? old : result;
}

function nameOf(item: unknown): unknown {
  return typeof item === "object" && item !== null && "code" in item ? item.code : undefined;
}
