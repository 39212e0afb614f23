// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import { defineComponent, h, watch } from "vue";
import { createMemoryHistory, createRouter } from "vue-router";

import { type FilterInAddress, useFilter } from "./useFilter";

async function listAt(address: string) {
  let made: FilterInAddress | undefined;
  let asked = 0;
  const List = defineComponent(() => {
    made = useFilter();
    watch(made.filter, () => (asked += 1));
    return () => h("p", made?.filter.value.subject);
  });
  const routes = [{ path: "/audit", name: "audit", component: List }, { path: "/other", name: "other", component: { render: () => null } }];
  const router = createRouter({ history: createMemoryHistory(), routes });
  await router.push(address);
  mount(defineComponent(() => () => h(List)), { global: { plugins: [router] } });
  return { ...(made as FilterInAddress), router, asked: () => asked, settled: () => new Promise((done) => setTimeout(done)) };
}

describe("the filter in the address", () => {
  it("is read from it, with the open entry", async () => {
    const list = await listAt("/audit?subject=wang.min&range=30d&open=7");
    expect(list.filter.value).toMatchObject({ subject: "wang.min", range: { name: "30d" } });
    expect(list.opened.value).toBe(7);
  });

  it("stays when an entry is opened and closed, and the list is not asked for anew", async () => {
    const list = await listAt("/audit?subject=wang.min");
    list.open(7);
    await list.settled();
    expect(list.router.currentRoute.value.fullPath).toBe("/audit?subject=wang.min&open=7");
    list.open(0);
    await list.settled();
    expect(list.router.currentRoute.value.fullPath).toBe("/audit?subject=wang.min");
    expect(list.asked()).toBe(0);
  });

  it("takes a change, closes the open entry, and can be gone back from", async () => {
    const list = await listAt("/audit?subject=wang.min&open=7");
    list.change({ action: "read" });
    await list.settled();
    expect(list.router.currentRoute.value.fullPath).toBe("/audit?subject=wang.min&action=read");
    expect(list.asked()).toBe(1);
    list.router.back();
    await list.settled();
    expect(list.filter.value.action).toBe("");
  });

  it("cleared, is all of the trail", async () => {
    const list = await listAt("/audit?subject=wang.min");
    list.clear();
    await list.settled();
    expect(list.router.currentRoute.value.fullPath).toBe("/audit?range=all");
  });

  it("asks for nothing new while the page is being left", async () => {
    const list = await listAt("/audit?subject=wang.min");
    await list.router.push("/other");
    await list.settled();
    expect(list.filter.value.subject).toBe("wang.min");
    expect(list.asked()).toBe(0);
  });
});
