/**
 * Parts of the shell that the first page can do without: their code is fetched once that page stands, or as soon as
 * they are wanted.
 */

import { type Component, defineAsyncComponent, onMounted, ref, type Ref } from "vue";
import { useRouter } from "vue-router";

const AGAIN_MS = 1000;
const AT_THE_LATEST_MS = 2000;

/** A component in a chunk of its own; while the server can't be reached, it is asked for again. */
export function later(load: () => Promise<{ default: Component }>): Component {
  return defineAsyncComponent({
    loader: load,
    delay: 0,
    onError: (_error, retry, _fail, attempts) => setTimeout(retry, AGAIN_MS * Math.min(attempts, 10)),
  });
}

/** True from when the first page stands and the browser has nothing else to do. */
export function useLater(): Ref<boolean> {
  const idle = ref(false);
  const router = useRouter();
  onMounted(async () => {
    await router.isReady().catch(() => undefined);
    if ("requestIdleCallback" in window) requestIdleCallback(() => (idle.value = true), { timeout: AT_THE_LATEST_MS });
    else setTimeout(() => (idle.value = true), 0); // Safari
  });
  return idle;
}
