/** Whether the address names a database that is not there, or that the user may not see. */

import { ref, type Ref, watch } from "vue";

import { databases, loadDatabases } from "../../stores/databases";

/** The code of the unknown database, or null. The list is read anew before a database is called unknown. */
export function useUnknownDatabase(code: () => string | null): Ref<string | null> {
  const unknown = ref<string | null>(null);
  const isListed = (wanted: string) => databases.list.some((each) => each.code === wanted);

  async function look(wanted: string) {
    if (!isListed(wanted)) await loadDatabases().catch(() => undefined); // the page itself tells about errors
    if (code() === wanted) unknown.value = databases.known && !isListed(wanted) ? wanted : null;
  }

  watch(
    code,
    (wanted) => {
      unknown.value = null;
      if (wanted) void look(wanted);
    },
    { immediate: true },
  );
  return unknown;
}
