/** Numbers for stays in an input: what is typed in one stay is one step for undo. */

let last = 0;

export const nextSession = (): number => (last += 1);
