/** A user as the form holds it, and what of it is sent to the server. */

import type { Account, AccountTemplate } from "../../../shared/api/types";

export interface PersonForm {
  name: string;
  display_name: string;
  roles: string[];
  /** "" keeps what there is. */
  phone: string;
  removesPhone: boolean;
  language: Account["language"];
  /** The directory has the password. */
  directory: boolean;
  /** The last day of the account, "2027-03-31", or "". */
  until: string;
}

export type PersonChanges = Partial<Record<"display_name" | "language", string>> & {
  roles?: string[];
  directory?: boolean;
  phone?: string | null;
  expires_at?: string | null;
};

const NAME = /^[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff._@-]{1,63}$/; // as the server has it

export const isName = (name: string) => NAME.test(name.trim());

export function emptyForm(): PersonForm {
  return { name: "", display_name: "", roles: [], phone: "", removesPhone: false, language: "", directory: false, until: "" };
}

export function formOf(user: Account): PersonForm {
  const { name, display_name, roles, language, directory, expires_at } = user;
  return { name, display_name, roles: [...roles], phone: "", removesPhone: false, language, directory, until: lastDay(expires_at) };
}

/** The instant at which the day `until` is over here, as the server takes it. */
export function endOf(until: string): string | null {
  const [year = 0, month = 1, day = 1] = until.split("-").map(Number);
  return until ? new Date(year, month - 1, day + 1).toISOString().replace(/\.\d+Z$/, "Z") : null;
}

/** The last day of an account that ends at `expiresAt`, in the reader's zone; "" for one without an end. */
export function lastDay(expiresAt: string | null): string {
  if (!expiresAt) return "";
  const last = new Date(new Date(expiresAt).getTime() - 1);
  return [last.getFullYear(), last.getMonth() + 1, last.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** What `template` says of a new user; `now` is the day it is made. */
export function fromTemplate({ role, language, valid_days }: AccountTemplate, now = new Date()): Pick<PersonForm, "roles" | "language" | "until"> {
  const until = valid_days === null ? "" : lastDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() + valid_days + 1).toISOString());
  return { roles: [role], language, until };
}

/** The body that makes a user. */
export function newPerson(form: PersonForm) {
  return {
    name: form.name.trim(),
    roles: form.roles,
    language: form.language,
    ...(form.display_name.trim() && { display_name: form.display_name.trim() }),
    ...(form.phone.trim() && { phone: form.phone.trim() }),
    ...(form.until && { expires_at: endOf(form.until) }),
    ...(form.directory && { directory: true }),
  };
}

/** Only what differs, so that nobody writes over what another administrator changed meanwhile. */
export function changesOf(user: Account, form: PersonForm): PersonChanges {
  const before = formOf(user);
  const changes: PersonChanges = {};
  const display = form.display_name.trim();
  if (display && display !== before.display_name) changes.display_name = display;
  if ([...form.roles].sort().join() !== [...before.roles].sort().join()) changes.roles = form.roles;
  if (form.language !== before.language) changes.language = form.language;
  if (form.directory !== before.directory) changes.directory = form.directory;
  if (form.until !== before.until) changes.expires_at = endOf(form.until);
  if (form.removesPhone) changes.phone = null;
  else if (form.phone.trim()) changes.phone = form.phone.trim();
  return changes;
}
