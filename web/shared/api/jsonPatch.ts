/** JSON Patch (RFC 6902) as the server writes it: what an edit changed in a document. */

export type PatchStep =
  | { op: "add" | "replace"; path: string; value: unknown }
  | { op: "remove"; path: string }
  | { op: "move"; from: string; path: string };

type Container = Record<string, unknown> | unknown[];

/** `document` after the steps; parts that they do not touch are shared with it, and it stays as it was. */
export function patched<T>(document: T, steps: readonly PatchStep[]): T {
  return steps.reduce<unknown>((now, step) => {
    switch (step.op) {
      case "add":
        return changed(now, step.path, (parent, key) => put(parent, key, step.value));
      case "replace":
        return changed(changed(now, step.path, take), step.path, (parent, key) => put(parent, key, step.value));
      case "remove":
        return changed(now, step.path, take);
      case "move": {
        const value = at(now, step.from);
        return changed(changed(now, step.from, take), step.path, (parent, key) => put(parent, key, value));
      }
    }
  }, document) as T;
}

const parts = (pointer: string): string[] =>
  pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));

function at(document: unknown, pointer: string): unknown {
  return parts(pointer).reduce<unknown>((part, key) => child(part, key), document);
}

function child(part: unknown, key: string): unknown {
  const found = Array.isArray(part) ? part[Number(key)] : (part as Record<string, unknown> | undefined)?.[key];
  if (found === undefined) throw new RangeError(`There is nothing at ${key}.`);
  return found;
}

/** `document` with the container that holds the place at `pointer` copied and changed, and all above it copied. */
function changed(document: unknown, pointer: string, change: (parent: Container, key: string) => void): unknown {
  const way = parts(pointer);
  const last = way.pop();
  if (last === undefined) throw new RangeError("The whole document can't be replaced.");
  const top = copy(document);
  let parent = top;
  for (const key of way) {
    const inner = copy(child(parent, key));
    set(parent, key, inner);
    parent = inner;
  }
  change(parent, last);
  return top;
}

function copy(part: unknown): Container {
  if (typeof part !== "object" || part === null) throw new RangeError("The place is within a plain value.");
  return Array.isArray(part) ? [...part] : { ...(part as Record<string, unknown>) };
}

function set(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else parent[key] = value;
}

function put(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 0, value);
  else parent[key] = value;
}

function take(parent: Container, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of our own
  else delete parent[key];
}
