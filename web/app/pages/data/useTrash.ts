/** Moving a record into the trash, with what goes along told first, and back out of it. */

import { computed, type ComputedRef, reactive, ref, type Ref } from "vue";

import type { Database, RecordRef, RecordType, StoredRecord } from "../../../shared/api/types";
import { notifyDone, notifyError } from "../../components/notify";
import { labelText, useTexts } from "../../language";
import { childTypes } from "./fields";
import { countRecords, restoreRecord, trashRecord } from "./records";
import { texts } from "./texts";

export interface Trash {
  /** The question is in sight. */
  asking: Ref<boolean>;
  restoring: Ref<boolean>;
  consequences: ComputedRef<string[]>;
  ask(): void;
  /** Moves the record; throws when refused. */
  remove(): Promise<void>;
  /** Tells what was done, after `remove`. */
  tell(): void;
  /** Whether it is back. */
  restore(): Promise<boolean>;
}

export interface Trashed {
  database: Database;
  type: RecordType;
  record: StoredRecord;
}

export function useTrash(subject: () => Trashed | null): Trash {
  const text = useTexts(texts);
  const asking = ref(false);
  const restoring = ref(false);
  const below = reactive(new Map<string, number>());
  let moved: RecordRef[] = [];

  const consequences = computed(() => {
    const at = subject();
    const its = (at ? childTypes(at.database, at.type.code) : []).flatMap((type) => {
      const count = below.get(type.code);
      const name = labelText(type.label) || type.code;
      return count === 0 ? [] : [count === undefined ? name : `${name} ${count}`]; // what is not known yet is named
    });
    return [text("removeThis"), ...(its.length > 0 ? [text("removeBelow", { what: its.join("、") })] : []), text("removeKept")];
  });

  function ask() {
    const at = subject();
    if (!at) return;
    below.clear();
    asking.value = true;
    for (const { code } of childTypes(at.database, at.type.code)) {
      const counted = countRecords(at.database.code, code, { where: "", trashed: false, parent: at.record.id });
      counted.then((count) => below.set(code, count)).catch(() => undefined);
    }
  }

  async function remove() {
    const at = subject();
    if (at) moved = await trashRecord(at.database.code, at.type.code, at.record);
  }

  const tell = () => notifyDone(text("removed", { n: moved.length }));

  async function restore(): Promise<boolean> {
    const at = subject();
    if (!at) return false;
    restoring.value = true;
    try {
      const back = await restoreRecord(at.database.code, at.type.code, at.record.id);
      notifyDone(text("restored", { n: back.length }));
      return true;
    } catch (error) {
      notifyError(error, text("notRestored"));
      return false;
    } finally {
      restoring.value = false;
    }
  }

  return { asking, restoring, consequences, ask, remove, tell, restore };
}
