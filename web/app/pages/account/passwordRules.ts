/** The password rules as the server counts them, to show while one types. The server decides. */

const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** In characters, not in the units of JavaScript's strings. */
export function lengthOf(password: string): number {
  return [...password].length;
}

/** How many of lower case, upper case, digits and all else, Chinese characters among these. */
export function kindsOf(password: string): number {
  return KINDS.filter((kind) => kind.test(password)).length;
}

export function holdsName(password: string, name: string): boolean {
  return password.toLowerCase().includes(name.toLowerCase());
}
