/** The acts on one user; each tells what was done, and gives the user as they are now. */

import { ref, type Ref } from "vue";

import { path } from "../../../shared/api/client";
import type { Account, NewAccount } from "../../../shared/api/types";
import { notifyDone, notifyError } from "../../components/notify";
import { useTexts } from "../../language";
import { api } from "../../session/session";
import { type PersonChanges } from "./person";
import { texts } from "./texts";

export interface UserActs {
  busy: Ref<boolean>;
  change(user: Account, changes: PersonChanges): Promise<Account>;
  disable(user: Account): Promise<void>;
  enable(user: Account): Promise<void>;
  unlock(user: Account): Promise<void>;
  resetFactor(user: Account): Promise<void>;
  resetPassword(user: Account): Promise<NewAccount>;
}

/** @param changed is told after each act that changed something. */
export function useUser(changed: () => unknown): UserActs {
  const text = useTexts(texts);
  const busy = ref(false);

  async function change(user: Account, changes: PersonChanges & { active?: boolean }): Promise<Account> {
    const after = await api.patch<Account>(path`/users/${user.id}`, changes);
    changed();
    return after;
  }

  /** An act by one click: its failure is told at the corner. */
  async function atOnce(act: () => Promise<unknown>, done: string, failed: string) {
    busy.value = true;
    try {
      await act();
      notifyDone(done);
    } catch (error) {
      notifyError(error, failed);
    } finally {
      busy.value = false;
    }
  }

  async function unlocked(user: Account) {
    await api.post(path`/users/${user.id}/unlock`);
    changed();
  }

  const named = ({ display_name: name }: Account) => ({ name });
  return {
    busy,
    change,
    disable: async (user) => {
      await change(user, { active: false });
      notifyDone(text("disabled", named(user)));
    },
    enable: (user) => atOnce(() => change(user, { active: true }), text("enabled", named(user)), text("notEnabled")),
    unlock: (user) => atOnce(() => unlocked(user), text("unlocked", named(user)), text("notUnlocked")),
    resetFactor: async (user) => {
      await api.post(path`/users/${user.id}/second-factor/reset`);
      changed();
      notifyDone(text("factorReset", named(user)));
    },
    resetPassword: async (user) => {
      const made = await api.post<NewAccount>(path`/users/${user.id}/password`);
      changed();
      return made;
    },
  };
}
