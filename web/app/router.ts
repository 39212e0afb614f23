/** Addresses of all pages, and who is led where: without a login to it, with a one-time password to its change. */

import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from "vue-router";

import { AREAS } from "./areas";
import { accountRoutes } from "./pages/account/routes";
import { names } from "./pages/texts";
import { resumeSession, session } from "./session/session";

const notFound: RouteRecordRaw = {
  path: "/:rest(.*)*",
  name: "not-found",
  component: () => import("./pages/NotFoundPage.vue"),
  meta: { title: names.notFound },
};

export const router = createRouter({
  history: createWebHistory(),
  routes: [...AREAS.flatMap((area) => area.routes), ...accountRoutes, notFound],
});

let resumed: Promise<void> | null = null;

router.beforeEach(async (to) => {
  if (!resumed) fetchPages(to);
  await (resumed ??= resumeSession()); // an unreachable server is waited for, with the banner in sight
  return guard(to);
});

/** Fetch the code of the first page while the server is asked who is there, instead of after its answer. */
function fetchPages({ matched }: RouteLocationNormalized): void {
  for (const { components } of matched) {
    const page = components?.default;
    if (typeof page === "function") void (page as () => Promise<unknown>)().catch(() => undefined); // told when it is shown
  }
}

function guard(to: RouteLocationNormalized) {
  if (to.meta.bare) return true;
  if (!session.user) return { name: "login", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  if (session.user.must_change_password && to.name !== "password") {
    return { name: "password", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  }
  if (session.user.must_enrol && to.name !== "second-factor" && to.name !== "password") {
    return { name: "second-factor", query: to.fullPath === "/" ? {} : { to: to.fullPath } };
  }
  return true;
}

/** Where to go after the login: only ever a path of our own. */
export function afterLogin(to: unknown): string {
  const own = typeof to === "string" && /^\/(?![/\\])/.test(to);
  return own ? to : "/";
}
