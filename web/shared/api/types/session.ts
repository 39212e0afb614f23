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
  /** The password lies in the hospital's directory (LDAP). */
  directory: boolean;
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

/** The login before this one, and how often somebody failed to sign in as the user since then. */
export interface PreviousLogin {
  at: string;
  /** "" where it is no longer known. */
  address: string;
  failures: number;
}

export interface BegunSession extends Session {
  previous: PreviousLogin | null;
}

/** A login that is open now. */
export interface OpenLogin {
  id: number;
  address: string;
  /** As its browser calls itself. */
  device: string;
  created_at: string;
  last_seen_at: string;
  /** If nobody works with it. */
  ends_at: string;
  current: boolean;
}

/** The user's own second factor. */
export interface SecondFactor {
  enrolled_at: string | null;
  /** A role of the user asks for it. */
  required: boolean;
  recovery_left: number;
}
