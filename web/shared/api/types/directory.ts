/** The hospital's directory (LDAP) as it is set up, and a login tried against it. */

export interface DirectorySettings {
  servers: string[];
  encrypted: boolean;
  /** "": it is searched without signing in. */
  bind_dn: string;
  base_dn: string;
  filter: string;
  login_attribute: string;
  /** In the order of asking; "*" is everybody. */
  templates: { group: string; template: string }[];
}

export interface DirectoryState {
  /** null: none is set up. */
  settings: DirectorySettings | null;
}

export type ServerProblem = "unreachable" | "certificate" | "password_file" | "refused" | "search" | "failed";
export type TrialOutcome = "signs_in" | "makes_account" | "no_server" | "not_found" | "wrong_password" | "local_account" | "disabled" | "other_entry" | "no_account";

export interface DirectoryTrial {
  failures: { server: string; problem: ServerProblem }[];
  entry: { dn: string; name: string; display_name: string; phone: string } | null;
  groups: string[];
  /** null: none was tried. */
  password: boolean | null;
  /** What a new account would be made by. */
  template: string | null;
  user_id: number | null;
  outcome: TrialOutcome;
}
