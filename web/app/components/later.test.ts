// @vitest-environment happy-dom
import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defineComponent, h } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { later, useLater } from "./later";

const Part = defineComponent(() => () => h("p", "the part"));

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("A part of the shell that comes later", () => {
  it("is asked for again until the server answers", async () => {
    vi.useFakeTimers();
    const load = vi.fn().mockRejectedValueOnce(new Error("lost")).mockRejectedValueOnce(new Error("lost")).mockResolvedValue({ __esModule: true, default: Part });
    const Late = later(load);
    const wrapper = mount(defineComponent(() => () => h("div", h(Late))));

    await flushPromises();
    expect(wrapper.text()).toBe("");
    await vi.advanceTimersByTimeAsync(3000);

    expect(load).toHaveBeenCalledTimes(3);
    expect(wrapper.text()).toBe("the part");
  });

  it("waits until the first page stands and the browser has nothing else to do", async () => {
    let whenIdle: () => void = () => undefined;
    vi.stubGlobal("requestIdleCallback", (run: () => void) => (whenIdle = run));
    const Shell = defineComponent(() => {
      const idle = useLater();
      return () => h("p", String(idle.value));
    });
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: "/", component: Part }] });
    const wrapper = mount(Shell, { global: { plugins: [router] } });

    whenIdle();
    await flushPromises();
    expect(wrapper.text()).toBe("false");
    await router.push("/");
    await flushPromises();
    whenIdle();
    await flushPromises();
    expect(wrapper.text()).toBe("true");
  });
});
