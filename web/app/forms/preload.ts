/** The form's page loaded out of sight once, so that the first form opens from the browser's own store. */

import { listenToFrame } from "../../shared/forms/frame";

let asked = false;

export function preloadForm(): void {
  if (asked) return;
  asked = true;
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1000));
  idle(load);
}

function load(): void {
  const frame = document.createElement("iframe");
  frame.src = "/form.html";
  frame.hidden = true;
  frame.tabIndex = -1;
  const stop = listenToFrame(() => frame.contentWindow, () => {
    stop();
    frame.remove();
  });
  document.body.append(frame);
}
