/** What the REST interface sends and takes. Names are the interface's own; instants are ISO 8601 in UTC. */

export type * from "./types/access";
export type * from "./types/audit";
export type * from "./types/cohorts";
export type * from "./types/databases";
export type * from "./types/directory";
export type * from "./types/drafts";
export type * from "./types/explanations";
export type * from "./types/filters";
export type * from "./types/forms";
export type * from "./types/imports";
export type * from "./types/jobs";
export type * from "./types/masking";
export type * from "./types/me";
export type * from "./types/patients";
export type * from "./types/plans";
export type * from "./types/quality";
export { MASKED } from "./types/records";
export type * from "./types/records";
export type * from "./types/requests";
export type * from "./types/rules";
export type * from "./types/session";
export type * from "./types/users";
export type * from "./types/vocabulary";
