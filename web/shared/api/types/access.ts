/** Grants, projects, the matrix of who may do what, and grades of examinations. */

import type { Label } from "../../texts";

export type GrantKind = "standing" | "granted" | "request" | "emergency";
/** closed: the record type that it names is gone. */
export type GrantState = "future" | "active" | "closed" | "ended" | "revoked";
export type SubjectKind = "user" | "role" | "project" | "project_class";
export type Duty = "" | "principal_investigator" | "investigator" | "data_entry" | "statistician" | "reader";
export type GrantAction =
  "view" | "add" | "edit" | "delete" | "download" | "export" | "design" | "approve";
export type FieldVisibility = "show" | "mask" | "hide";
/** 0 ordinary, 1 sensitive, 2 highly sensitive. */
export type Grade = 0 | 1 | 2;

/** How fields are shown, by class. */
export interface FieldClasses {
  plain: FieldVisibility;
  identifying: FieldVisibility;
}

/** Who a grant is for. A project's members, or those of all projects of a class, may be narrowed to a duty. */
export interface GrantSubject {
  kind: SubjectKind;
  /** A user's or project's id as text, a role's name, or a project class. */
  value: string;
  duty: Duty;
  /** As shown: the user's display name, the role's or project's label, the class itself. */
  label: Label;
}

/** What a person gives a grant. */
export interface NewGrant {
  subject: { kind: SubjectKind; value: string; duty?: Duty };
  /** "" everything, "lung" a database, "lung.patient" a record type. */
  resource: string;
  actions: GrantAction[];
  /** Only records that the subject owns. */
  own?: boolean;
  /** A rule that a record has to meet; "" or left out for every record. */
  where?: string;
  classes?: FieldClasses;
  grade?: Grade;
  /** null or left out: all. */
  channels?: string[] | null;
  starts_at?: string | null;
  ends_at?: string | null;
  reason: string;
}

export interface Grant {
  id: number;
  kind: GrantKind;
  state: GrantState;
  subject: GrantSubject;
  resource: string;
  actions: GrantAction[];
  own: boolean;
  where: string;
  classes: FieldClasses;
  grade: Grade;
  channels: string[] | null;
  starts_at: string;
  /** The first instant at which it no longer holds; null: without an end. */
  ends_at: string | null;
  reason: string;
  request_id: number | null;
  granted_by: string;
  granted_at: string;
  revoked_by: string | null;
  revoked_at: string | null;
  revoke_reason: string | null;
  /** An emergency for one patient's records alone. */
  one_patient: boolean;
  /** Whether the caller may revoke it or move its end. */
  may_manage: boolean;
}

/** What a grant would open in one record type. */
export interface Opened {
  database: { code: string; label: Label };
  record_type: { code: string; label: Label };
  /** null: fewer than 10, which nobody is told who may not view the records. */
  rows: number | null;
  total: number | null;
  shown: number;
  masked: number;
  hidden: number;
}

export interface GrantPreview {
  opens: Opened[];
  /** What the subject's roles don't permit, so that the grant does nothing about it. */
  beyond_role: { action: GrantAction; roles: string[] }[];
  /** How many users it is for today. */
  users: number;
}

/** What a grant can be given to, found by a few characters. */
export interface GrantSubjects {
  items: GrantSubject[];
}

/** All published databases by name: what can be asked for or granted. */
export interface GrantResource {
  code: string;
  label: Label;
  record_types: { code: string; label: Label }[];
}

/** What can be asked for or granted, and the open projects that the caller is a member of. */
export interface GrantResources {
  items: GrantResource[];
  projects: { code: string; label: Label }[];
}

/** Why somebody may do something: a grant that holds, in short. */
export interface Because {
  grant: number;
  kind: GrantKind;
  subject: GrantSubject;
  resource: string;
  ends_at: string | null;
}

/** One action of one user on one database or record type. */
export interface Permitted {
  action: GrantAction;
  allowed: boolean;
  /** "role": no role permits it; "grant": no grant reaches it; "": allowed. */
  missing: "" | "role" | "grant";
  rows: "all" | "limited" | "none";
  identifying: FieldVisibility;
  grade: Grade;
  /** Those of the user's roles that permit it at most. */
  roles: string[];
  because: Because[];
}

export interface MatrixRow {
  user: { id: number; name: string; display_name: string; roles: string[] };
  permitted: Permitted[];
}

/** One user's access, database by database; those without any are left out. */
export interface UserAccess {
  user: { id: number; name: string; display_name: string; roles: string[] };
  databases: {
    code: string;
    label: Label;
    permitted: Permitted[];
    record_types: {
      code: string;
      label: Label;
      /** null: fewer than 10, for a caller who may not view these records. */
      rows: number | null;
      fields: { code: string; label: Label; visibility: FieldVisibility }[];
    }[];
  }[];
  grants: Grant[];
}

export type ProjectState = "future" | "open" | "ended" | "closed";

export interface ProjectMember {
  id: number;
  user_id: number;
  name: string;
  display_name: string;
  duty: Exclude<Duty, "">;
  joined_at: string;
  left_at: string | null;
}

export interface Project {
  id: number;
  version: number;
  code: string;
  label: Label;
  class: string;
  state: ProjectState;
  starts_at: string;
  ends_at: string | null;
  closed_at: string | null;
  /** Codes. */
  databases: string[];
  /** Those who are in it now. */
  members: ProjectMember[];
  created_by: string;
  created_at: string;
}

export interface NewProject {
  code: string;
  label: Label;
  class: string;
  starts_at?: string | null;
  ends_at?: string | null;
  databases?: string[];
}

/** Answer to a change of a record's grade. */
export interface RecordGrade {
  grade: Grade;
  /** Records below that follow. */
  below: number;
}

/** A record's grade, where it comes from, and what the caller may do about it. */
export interface GradeStanding {
  grade: Grade;
  /** As set on the record itself. */
  own: Grade;
  /** The record above whose grade it has. */
  from: { record_type: string; id: number } | null;
  may_raise: boolean;
  may_lower: boolean;
}

/** One act of grading. */
export interface GradeAct {
  at: string;
  by: string;
  before: Grade;
  grade: Grade;
  below: number;
  /** Records that were graded at once. */
  together: number;
  reason: string;
}

/** Answer to grading several records; `left` were not touched: out of reach, or not permitted. */
export interface GradedMany {
  changed: number;
  same: number;
  below: number;
  left: { gone: number; raising: number; lowering: number };
}

/** How many records have each grade, and how many users may view records up to it. */
export interface GradeOverview {
  grades: { grade: Grade; label: Label; people: number }[];
  /** By grade; null: fewer than may be told. */
  record_types: { code: string; label: Label; records: (number | null)[] }[];
}
