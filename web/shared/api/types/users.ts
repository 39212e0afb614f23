/** Users as administrators see them, the roles they may hold, and the policy for accounts. */

export type UserState = "active" | "disabled" | "expired" | "locked";

export interface Account {
  id: number;
  name: string;
  display_name: string;
  roles: string[];
  active: boolean;
  state: UserState;
  language: "" | "zh" | "en";
  /** In part, e.g. "138****5678"; "" where there is none. */
  phone: string;
  /** The password lies in the hospital's directory (LDAP). */
  directory: boolean;
  second_factor: boolean;
  must_change_password: boolean;
  password_changed_at: string;
  /** The end of the account, or null. */
  expires_at: string | null;
  created_at: string | null;
  last_login_at: string | null;
}

export interface NewAccount {
  user: Account;
  /** Told this once only. */
  one_time_password: string | null;
}

export interface RoleDescription {
  name: string;
  zh: string;
  en: string;
  /** "action:kind", e.g. "view:records". */
  permissions: string[];
}

export interface AccountPolicy {
  min_length: number;
  min_classes: number;
  history: number;
  /** 0: for ever. */
  max_age_days: number;
  lock_failures: number;
  lock_minutes: number;
  /** How long access in an emergency may last. */
  emergency_minutes: number;
  /** An account unused for so many days is disabled; 0: none is. */
  max_unused_days: number;
  /** How long entries of the audit trail stay in the database; then they lie in sealed files. */
  audit_keep_days: number;
  /** Who holds one of these has to have a second factor. */
  second_factor_roles: string[];
}

/** What accounts of one role type have in common. */
export interface AccountTemplate {
  id: number;
  name: string;
  role: string;
  language: "" | "zh" | "en";
  /** null: without an end. */
  valid_days: number | null;
}

/** A row of a workbook as the user it would make. */
export interface BatchRow {
  /** As the workbook counts. */
  row: number;
  name: string;
  display_name: string;
  role: string;
  phone: string;
  expires_at: string | null;
  problems: { column: string; zh: string; en: string }[];
}

export interface BatchPlan {
  rows: BatchRow[];
  faulty: number;
}
