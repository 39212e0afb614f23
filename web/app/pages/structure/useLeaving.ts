/** Leaving the page: what is being typed is taken first; what is not stored yet is not left without asking. */

import { ElMessageBox } from "element-plus";
import { onScopeDispose } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate } from "vue-router";

import { useTexts } from "../../language";
import { texts } from "./texts";
import type { DraftEditor } from "./useDraft";

const PATIENCE = 3000; // ms that storing may take before one is asked

export function useLeaving(editor: DraftEditor): void {
  const text = useTexts(texts);
  /** A field stores what is typed when it loses the keyboard. */
  const takeTyped = () => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined);

  async function stored(): Promise<boolean> {
    for (const start = Date.now(); Date.now() - start < PATIENCE; await new Promise((resolve) => setTimeout(resolve, 50))) {
      if (editor.unsaved.value === 0) return true;
      if (editor.failure.value) return false;
    }
    return editor.unsaved.value === 0;
  }

  async function agreed(): Promise<boolean> {
    takeTyped();
    if (await stored()) return true;
    const words = { confirmButtonText: text("leaveAnyway"), cancelButtonText: text("stay"), type: "warning" } as const;
    return ElMessageBox.confirm(text("leave", { n: editor.unsaved.value }), text("leaveTitle"), words).then(() => true, () => false);
  }

  onBeforeRouteLeave(agreed);
  onBeforeRouteUpdate((to, from) => (to.path === from.path ? true : agreed()));

  const hold = (event: BeforeUnloadEvent) => {
    takeTyped();
    if (editor.unsaved.value > 0) event.preventDefault();
  };
  window.addEventListener("beforeunload", hold);
  onScopeDispose(() => window.removeEventListener("beforeunload", hold));
}
