/** What an area of the application declares: its entry in the left rail, its pages, who may enter. */

import type { Component } from "vue";
import type { RouteLocationNormalized, RouteRecordRaw } from "vue-router";

import type { Permission } from "../shared/api/types";
import type { Label } from "../shared/texts";

/** A page's name in breadcrumbs and the window's title; a function where it is an object's own name. */
export type Title = Label | ((route: RouteLocationNormalized) => Label | string);

declare module "vue-router" {
  interface RouteMeta {
    title?: Title;
    /** The name of the route above this one, for breadcrumbs; it gets the same parameters. */
    parent?: string;
    /** What a user needs to enter; others see who can grant it. */
    needs?: Permission;
    /** Needs no login and stands outside the shell. */
    bare?: boolean;
    /** Offer it in the palette. Pages with parameters can't be. */
    findable?: boolean;
  }
}

export interface Area {
  name: string;
  label: Label;
  icon: Component;
  /** The name of the route that the rail's entry opens. */
  home: string;
  needs?: Permission;
  /** Whether the user may do anything there, where that is not one permission. */
  open?: () => boolean;
  routes: RouteRecordRaw[];
}
