/** What is typed and not saved is not left without asking: by a link, by the back button, by closing the window. */

import { ElMessageBox } from "element-plus";
import { onScopeDispose, type Ref } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate, type RouteLocationNormalized } from "vue-router";

import { useTexts } from "../../language";
import { texts } from "./texts";

/** @param count unsaved changes. @param concerns whether going from one address to another leaves the form. */
export function useUnsaved(count: Ref<number>, concerns: (to: RouteLocationNormalized, from: RouteLocationNormalized) => boolean): void {
  const text = useTexts(texts);

  async function agreed(): Promise<boolean> {
    if (count.value === 0) return true;
    const words = { confirmButtonText: text("discard"), cancelButtonText: text("stay"), type: "warning" } as const;
    const left = await ElMessageBox.confirm(text("leave", { n: count.value }), text("leaveTitle"), words).then(() => true, () => false);
    if (left) count.value = 0;
    return left;
  }

  onBeforeRouteLeave(agreed);
  onBeforeRouteUpdate((to, from) => (concerns(to, from) ? agreed() : true));

  const hold = (event: BeforeUnloadEvent) => {
    if (count.value > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", hold);
  onScopeDispose(() => window.removeEventListener("beforeunload", hold));
}
