/** Who is signed in and what they may do. */

/** What a page or an act needs. */
export type Permission = readonly [action: string, kind: string];

export interface User {
  id: number;
  name: string;
  display_name: string;
  roles: string[];
  /** "action:kind", e.g. "view:records". */
  permissions: string[];
  language: "zh" | "en";
  /** "" if the user chose none. */
  chosen_language: "" | "zh" | "en";
  must_change_password: boolean;
}

export interface Session {
  csrf_token: string;
  user: User;
}
