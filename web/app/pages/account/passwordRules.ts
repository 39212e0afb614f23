/** The password rules as the server has them, to show while one types. The server decides. */

const LONG = 12;
const SHORT = 10;
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];

export function isLongEnough(password: string): boolean {
  const length = [...password].length; // in characters, as the server counts
  const kinds = KINDS.filter((kind) => kind.test(password)).length;
  return length >= LONG || (length >= SHORT && kinds >= 3);
}

export function holdsName(password: string, name: string): boolean {
  return password.toLowerCase().includes(name.toLowerCase());
}
