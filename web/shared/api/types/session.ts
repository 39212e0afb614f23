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
  /** It must be changed because of its age. */
  password_expired: boolean;
  /** A second factor has to be bound first. */
  must_enrol: boolean;
  /** Minutes without a request that end the login. */
  idle_minutes: number;
}

export interface Session {
  csrf_token: string;
  user: User;
}

/** The user's own second factor. */
export interface SecondFactor {
  enrolled_at: string | null;
  /** A role of the user asks for it. */
  required: boolean;
  recovery_left: number;
}
