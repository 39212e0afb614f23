/** A page of its own for trying the grid on 100,000 rows; built by `vite build --mode trial`, which the application never is. */

import "../shared/theme";

import { createApp, h, ref } from "vue";

import type { StoredRecord } from "../shared/api/types";
import type { GridColumn } from "../app/grid/columns";
import DataGrid from "../app/grid/DataGrid.vue";
import type { FetchPage } from "../app/grid/keysetPages";
import type { Order } from "../app/grid/order";
import { api } from "../app/session/session";
import { FIELDS } from "./data";

const columns: GridColumn<StoredRecord>[] = FIELDS.map((field, i) => ({
  code: field.code,
  label: field.label,
  field,
  value: ({ values }) => values[field.code],
  missing: ({ missing }) => missing[field.code],
  sortable: true,
  pinned: i === 0,
}));

const source: FetchPage<StoredRecord> = (after, limit, signal) =>
  api.get("/databases/lung_nodule/records/patient", { query: { after, limit }, signal });
const order = ref<Order | null>({ code: "record_id", descending: false });

createApp({
  render: () =>
    h("div", { style: { height: "100vh", padding: "16px" } }, [
      h(DataGrid<StoredRecord>, { name: "trial", columns, source, total: 100_000, order: order.value, "onUpdate:order": (to: Order | null) => (order.value = to) }),
    ]),
}).mount("#app");
