/** Adding, moving and removing parts of a filter. Every act changes the root in place and keeps all else. */

import { copyOf, type Group, group, type Part, type Related } from "./model";

/** Where a part is: the group that holds it, and its place there. */
export interface Spot {
  parent: Group;
  index: number;
}

export function spotOf(root: Group, id: number): Spot | null {
  for (const [index, item] of root.items.entries()) {
    if (item.id === id) return { parent: root, index };
    const inner = inside(item);
    const found = inner && spotOf(inner, id);
    if (found) return found;
  }
  return null;
}

function inside(part: Part): Group | null {
  if (part.kind === "group") return part;
  return part.kind === "related" ? part.body : null;
}

/** The related records within whose conditions a part or group lies, or null. */
export function relatedAround(root: Group, id: number, around: Related | null = null): Related | null {
  if (root.id === id) return around;
  for (const item of root.items) {
    if (item.id === id) return around;
    const inner = inside(item);
    const found = inner && relatedAround(inner, id, item.kind === "related" ? item : around);
    if (found) return found;
  }
  return null;
}

export function remove(root: Group, id: number): void {
  const spot = spotOf(root, id);
  spot?.parent.items.splice(spot.index, 1);
}

/** Put `part` behind the one with this id; at the end of the root if it is not there. */
export function insertAfter(root: Group, id: number | null, part: Part): void {
  const spot = id === null ? null : spotOf(root, id);
  if (spot) spot.parent.items.splice(spot.index + 1, 0, part);
  else root.items.push(part);
}

export function duplicate(root: Group, id: number): Part | null {
  const spot = spotOf(root, id);
  const part = spot?.parent.items[spot.index];
  if (!spot || !part) return null;
  const copy = copyOf(part);
  spot.parent.items.splice(spot.index + 1, 0, copy);
  return copy;
}

/** The part alone in a new group at its place. */
export function wrap(root: Group, id: number): void {
  const spot = spotOf(root, id);
  const part = spot?.parent.items[spot.index];
  if (spot && part) spot.parent.items.splice(spot.index, 1, group("any", [part]));
}

/** Up or down by one place: past a neighbour, into a group beside it, or out of its own. */
export function moveBy(root: Group, id: number, step: -1 | 1): boolean {
  const spot = spotOf(root, id);
  const part = spot?.parent.items[spot.index];
  if (!spot || !part) return false;
  const { parent, index } = spot;
  const neighbour = parent.items[index + step];
  if (neighbour) {
    const into = neighbour.kind === "group" && !neighbour.collapsed ? neighbour : null;
    parent.items.splice(index, 1);
    if (into) into.items.splice(step === 1 ? 0 : into.items.length, 0, part);
    else parent.items.splice(index + step, 0, part);
    return true;
  }
  const outer = spotOf(root, parent.id);
  if (!outer) return false; // at the edge, or within related records, whose fields mean nothing outside
  parent.items.splice(index, 1);
  outer.parent.items.splice(step === 1 ? outer.index + 1 : outer.index, 0, part);
  return true;
}

/** Take a part to a place in another group; not into itself, nor to other records, whose fields differ. */
export function moveTo(root: Group, id: number, target: Group, index: number): boolean {
  const spot = spotOf(root, id);
  const part = spot?.parent.items[spot.index];
  if (!spot || !part || !mayMove(root, part, target)) return false;
  const shift = spot.parent.id === target.id && spot.index < index ? 1 : 0;
  spot.parent.items.splice(spot.index, 1);
  target.items.splice(index - shift, 0, part);
  return true;
}

function mayMove(root: Group, part: Part, target: Group): boolean {
  const inner = inside(part);
  if (inner && (inner.id === target.id || spotOf(inner, target.id))) return false;
  return relatedAround(root, part.id)?.id === relatedAround(root, target.id)?.id;
}
