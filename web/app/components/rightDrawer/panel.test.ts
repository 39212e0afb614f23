// @vitest-environment happy-dom
import { mount, type VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import RightDrawer from "../RightDrawer.vue";

const press = async (key: string, target: Element = document.activeElement ?? document.body) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  await nextTick();
  return event;
};
const panels = () => [...document.querySelectorAll(".right-drawer")];

let grid: HTMLElement;
let opened: VueWrapper[] = [];

function open(props: { title?: string; beforeClose?: (done: () => void) => void } = {}): VueWrapper {
  const wrapper: VueWrapper = mount(RightDrawer, {
    attachTo: document.body,
    global: { stubs: { transition: true } },
    props: { title: "details", ...props, open: true, "onUpdate:open": (value: boolean) => wrapper.setProps({ open: value }) },
    slots: { default: "<button class='within'>act</button>" },
  }) as VueWrapper;
  opened.push(wrapper);
  return wrapper;
}

beforeEach(() => {
  document.body.innerHTML = "<main id='content' tabindex='-1'><div role='grid' tabindex='0'></div><button id='opener'></button><input></main>";
  grid = document.querySelector("[role=grid]") as HTMLElement;
});

afterEach(() => {
  opened.forEach((each) => each.unmount());
  opened = [];
});

describe("a panel at the right", () => {
  it("leaves the keyboard to the grid it was opened from", async () => {
    grid.focus();
    open();
    await nextTick();
    expect(document.activeElement).toBe(grid);
    expect((await press("ArrowDown")).defaultPrevented).toBe(false);
    expect(panels()).toHaveLength(1);
  });

  it("opened by a button, has the focus, and gives it back when Esc closes it", async () => {
    const opener = document.querySelector("#opener") as HTMLElement;
    opener.focus();
    open();
    await nextTick();
    expect(panels()[0]?.contains(document.activeElement)).toBe(true);
    await press("Escape");
    expect(panels()).toHaveLength(0);
    expect(document.activeElement).toBe(opener);
  });

  it("is closed by Esc from the grid, but not while one types elsewhere on the page", async () => {
    grid.focus();
    open();
    document.querySelector("input")?.focus();
    await press("Escape");
    expect(panels()).toHaveLength(1);
    grid.focus();
    await press("Escape");
    expect(panels()).toHaveLength(0);
    expect(document.activeElement).toBe(grid);
  });

  it("F6 goes into it and back to the grid", async () => {
    grid.focus();
    open();
    await nextTick();
    await press("F6");
    expect(document.activeElement).toBe(panels()[0]);
    await press("F6");
    expect(document.activeElement).toBe(grid);
  });

  it("stays open when it may not close", async () => {
    const asked = vi.fn();
    open({ beforeClose: asked });
    await press("Escape");
    expect(asked).toHaveBeenCalledOnce();
    expect(panels()).toHaveLength(1);
  });

  it("of two, the later one is above and closes first", async () => {
    open({ title: "below" });
    open({ title: "above" });
    await nextTick();
    const [below, above] = panels() as HTMLElement[];
    expect(Number(above?.style.zIndex)).toBeGreaterThan(Number(below?.style.zIndex));
    await press("Escape");
    expect(panels().map((each) => each.querySelector("h2")?.textContent)).toEqual(["below"]);
  });

  it("leaves Esc to a dialog that stands above it", async () => {
    open();
    document.body.insertAdjacentHTML("beforeend", "<div class='el-overlay'></div>");
    await press("Escape");
    expect(panels()).toHaveLength(1);
  });
});
