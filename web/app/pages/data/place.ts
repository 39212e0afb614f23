/** Where the reader is within the data of a database, kept in the address so that it can be sent to a colleague. */

import { computed, type ComputedRef } from "vue";
import { type LocationQuery, useRoute, useRouter } from "vue-router";

import type { Order } from "../../grid/order";

export interface Place {
  /** The filter, a rule; "" for none. */
  where: string;
  order: Order | null;
  trashed: boolean;
  /** The record that is open, or null. */
  record: number | null;
  /** A new record is being filled in, below `parent` if it has one. */
  adding: boolean;
  /** The list shows only records directly below this one; null for all. */
  parent: number | null;
}

export function readPlace(query: LocationQuery): Place {
  return {
    where: textOf(query.where),
    order: orderOf(textOf(query.order)),
    trashed: query.trashed === "1",
    record: idOf(query.record),
    adding: query.new === "1",
    parent: idOf(query.parent),
  };
}

export function writePlace(place: Place): Record<string, string> {
  const { where, order, trashed, record, adding, parent } = place;
  return {
    ...(where && { where }),
    ...(order && { order: (order.descending ? "-" : "") + order.code }),
    ...(trashed && { trashed: "1" }),
    ...(record !== null && { record: String(record) }),
    ...(adding && { new: "1" }),
    ...(parent !== null && { parent: String(parent) }),
  };
}

export interface Places {
  place: ComputedRef<Place>;
  /** Move within the record type; false if the page kept the reader (unsaved input). */
  go(changes: Partial<Place>): Promise<boolean>;
  /** Move to another record type; filter and order stay behind. */
  goTo(type: string, changes?: Partial<Place>): Promise<boolean>;
}

const NOWHERE: Place = { where: "", order: null, trashed: false, record: null, adding: false, parent: null };

export function usePlace(): Places {
  const route = useRoute();
  const router = useRouter();
  const place = computed(() => readPlace(route.query));
  return {
    place,
    go: async (changes) => !(await router.push({ query: writePlace({ ...place.value, ...changes }) })),
    goTo: async (type, changes = {}) =>
      !(await router.push({
        name: "database-data",
        params: { code: route.params.code, type },
        query: writePlace({ ...NOWHERE, ...changes }),
      })),
  };
}

function textOf(value: LocationQuery[string] | undefined): string {
  return typeof value === "string" ? value : "";
}

function idOf(value: LocationQuery[string] | undefined): number | null {
  const text = textOf(value);
  return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

function orderOf(text: string): Order | null {
  const match = /^(-?)([a-z]\w*)$/i.exec(text);
  return match ? { code: match[2] ?? "", descending: match[1] === "-" } : null;
}
