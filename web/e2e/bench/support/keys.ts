/** From a keystroke to the last thing that moves in the form: elements, attributes, texts, values of inputs. */

import type { Frame } from "playwright-core";

export interface Keystroke {
  /** ms from the input event until the last change that was seen. */
  settled: number;
  moves: number;
}

declare global {
  interface Window {
    keystrokes: (Keystroke & { at: number })[];
  }
}

export function watchKeys(frame: Frame): Promise<void> {
  return frame.evaluate(() => {
    window.keystrokes = [];
    const moved = (): void => {
      const last = window.keystrokes.at(-1);
      if (!last) return;
      last.settled = performance.now() - last.at;
      last.moves += 1;
    };
    document.addEventListener("input", () => window.keystrokes.push({ at: performance.now(), settled: 0, moves: 0 }), { capture: true });
    /** The renderer's mark of what was typed into, which no style knows, comes late. */
    const unmarked = (classes: string | null): string => (classes ?? "").replace(" formio-modified", "");
    const isSeen = ({ attributeName, oldValue, target }: MutationRecord): boolean =>
      attributeName !== "class" || unmarked(oldValue) !== unmarked((target as Element).className);
    const watched = { subtree: true, childList: true, attributes: true, attributeOldValue: true, characterData: true };
    new MutationObserver((changes) => changes.filter(isSeen).forEach(moved)).observe(document.body, watched);
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value") as Required<PropertyDescriptor>;
    Object.defineProperty(HTMLInputElement.prototype, "value", {
      ...value,
      set(this: HTMLInputElement, next: unknown) {
        value.set.call(this, next);
        moved();
      },
    });
  });
}

/** The keystrokes since the last time. */
export function spentOn(frame: Frame): Promise<Keystroke[]> {
  return frame.evaluate(() => window.keystrokes.splice(0).map(({ settled, moves }) => ({ settled: Math.round(settled * 10) / 10, moves })));
}
