/** The behaviour of panels at the right: which is on top, who has the focus, what Esc and F6 do. */

import { onBeforeUnmount, type Ref, ref, watch } from "vue";

import { isTyping } from "../../shell/shortcuts";

interface Panel {
  element: Ref<HTMLElement | null>;
  close: () => void;
}

/** Open panels, the topmost last. */
const stack: Panel[] = [];

export interface PanelOptions {
  open: Ref<boolean>;
  element: Ref<HTMLElement | null>;
  /** Ask to be closed; the panel may stay open where something is unsaved. */
  close: () => void;
}

/** Make an element a panel while `open`. `level` grows with each panel that was open before it. */
export function usePanel({ open, element, close }: PanelOptions): { level: Ref<number> } {
  const panel: Panel = { element, close };
  const level = ref(0);
  let cameFrom: Element | null = null;

  watch(open, (isOpen) => (isOpen ? enter() : leave()), { immediate: true, flush: "pre" });
  watch(element, (made) => made && takeFocus(made), { flush: "post" });
  onBeforeUnmount(leave);

  function enter() {
    cameFrom = document.activeElement;
    level.value = stack.length;
    stack.push(panel);
    if (stack.length === 1) document.addEventListener("keydown", press);
  }

  function leave() {
    const at = stack.indexOf(panel);
    if (at < 0) return;
    stack.splice(at, 1);
    if (stack.length === 0) document.removeEventListener("keydown", press);
    if (element.value?.contains(document.activeElement)) backToPage(cameFrom);
  }

  function takeFocus(made: HTMLElement) {
    if (!keepsKeyboard(document.activeElement) && !made.contains(document.activeElement)) made.focus({ preventScroll: true });
  }

  return { level };
}

/** Whether the keyboard should stay where it is: in a table whose arrows go on moving, or where one is typing. */
function keepsKeyboard(focused: Element | null): boolean {
  return focused instanceof HTMLElement && (focused.closest("[role=grid], [role=treegrid], [role=tree]") !== null || isTyping(focused));
}

function backToPage(cameFrom: Element | null) {
  const targets = [cameFrom, document.querySelector("#content [role=grid]"), document.querySelector("#content")];
  const target = targets.find((each): each is HTMLElement => each instanceof HTMLElement && each.isConnected && each !== document.body);
  target?.focus({ preventScroll: true });
}

/** A dialog or an open list of choices stands above all panels: its keys are its own. */
function isCovered(): boolean {
  const above = [...document.querySelectorAll<HTMLElement>(".el-overlay, .el-popper[aria-hidden=false]")];
  return above.some((each) => each.style.display !== "none" && !each.matches(".el-tooltip__popper[role=tooltip]"));
}

function press(event: KeyboardEvent) {
  const top = stack.at(-1);
  const element = top?.element.value;
  if (!top || !element || event.defaultPrevented || event.isComposing || isCovered()) return;
  const inside = element.contains(document.activeElement);
  if (event.key === "Escape" && (inside || !isTyping(document.activeElement))) {
    event.preventDefault();
    top.close();
  } else if (event.key === "F6") {
    event.preventDefault();
    if (inside) backToPage(null);
    else element.focus({ preventScroll: true });
  }
}
