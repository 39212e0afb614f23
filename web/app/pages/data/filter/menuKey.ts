/** The menu key (or Shift+F10) on a grid means its active cell: the event is sent on to what stands in it. */

const RIGHT_BUTTON = 2;

export function toActiveCell(event: MouseEvent): void {
  if (event.button === RIGHT_BUTTON || !(event.target instanceof Element)) return;
  const id = event.target.getAttribute("aria-activedescendant");
  const inside = id ? document.getElementById(id)?.firstElementChild : null;
  if (!inside) return;
  event.preventDefault();
  const { left, bottom } = inside.getBoundingClientRect();
  inside.dispatchEvent(new MouseEvent("contextmenu", { clientX: left, clientY: bottom, cancelable: true }));
}
