/** The page in the frame: draws the form that the application sends, and tells what is typed into it. */

import { type FromFrame, readToFrame, tell } from "../shared/forms/frame";
import { FormSession } from "./session";
import "./styles";

const form = document.getElementById("form");
if (!form) throw new Error("form.html has no place for the form.");

const say = (message: FromFrame): void => tell(window.parent, message);
let work = Promise.resolve();
const session = new FormSession(form, say, (act) => (work = work.then(act)));
let drawn = false;
let told = 0; // the height that the application knows

window.addEventListener("message", (event: MessageEvent<unknown>) => {
  if (event.origin !== window.location.origin || event.source !== window.parent) return;
  const message = readToFrame(event.data);
  if (!message) return;
  // one after the other: a state that overtakes its form would be lost
  work = work.then(async () => {
    if (message.kind === "load") {
      document.documentElement.lang = message.language === "zh" ? "zh-CN" : "en";
      await session.load(message);
      drawn = true;
      measure();
    } else if (message.kind === "state") session.state(message);
    else session.focus(message.field);
  });
});

// after the renderer's own listeners, so that what is typed is told before a click elsewhere asks for it
for (const event of ["input", "change", "click"]) document.addEventListener(event, () => queueMicrotask(() => session.listen()));

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key.toLowerCase() !== "s" && event.key !== "Enter") return;
  event.preventDefault();
  session.submit(event.key === "Enter");
});

/** What hangs below the form (an open list of choices) counts, so that the frame never cuts it off. */
function height(): number {
  const open = document.querySelector(".choices__list--dropdown.is-active");
  return Math.ceil(Math.max(document.body.scrollHeight, (open?.getBoundingClientRect().bottom ?? 0) + window.scrollY));
}

function measure(): void {
  const now = height();
  if (!drawn || now === told) return;
  told = now;
  say({ kind: "resize", height: now });
}

new ResizeObserver(measure).observe(form);
document.addEventListener("showDropdown", () => requestAnimationFrame(measure));
document.addEventListener("hideDropdown", () => requestAnimationFrame(measure));

say({ kind: "ready" });
