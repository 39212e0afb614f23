/** Where the table's cells stand: which rows are drawn, where columns begin, what brings a cell into sight. */

import { useVirtualizer } from "@tanstack/vue-virtual";
import { computed, type Ref, ref } from "vue";

import type { FieldDocument } from "../../../../shared/api/types";
import type { ColumnChoices } from "../../../grid/columns";
import type { Rows } from "./useRows";

export const ROW = 36; // px, as --row
const NUMBER = 48; // px, the column of row numbers
const LIST = 330; // px, the list of types at its longest

export function useLayout(rows: Rows, columns: ColumnChoices<FieldDocument>, scroller: Ref<HTMLElement | null>) {
  const scrolledBy = ref(0);
  const shown = computed(() => [...columns.pinned.value, ...columns.scrolled.value]);
  const lefts = computed(() => {
    let left = NUMBER;
    return Object.fromEntries(shown.value.map(({ code, width }) => [code, (left += width) - width]));
  });
  const width = computed(() => shown.value.reduce((sum, column) => sum + column.width, NUMBER));
  const activeColumn = computed(() => shown.value[rows.column.value]);

  const virtual = useVirtualizer(
    computed(() => ({
      count: rows.codes.value.length,
      getScrollElement: () => scroller.value,
      estimateSize: () => ROW,
      overscan: 8,
      scrollMargin: ROW,
      scrollPaddingStart: ROW,
    })),
  );

  /** `up`: a list that opens there has more room above. */
  const penPlace = computed(() => {
    const column = activeColumn.value;
    const left = column ? (lefts.value[column.code] ?? 0) + (column.pinned ? scrolledBy.value : 0) : 0;
    const top = Math.max(0, rows.activeIndex.value) * ROW;
    const below = (virtual.value.scrollOffset ?? 0) + (scroller.value?.clientHeight ?? 0) - top - 2 * ROW;
    return { top, left, width: column?.width ?? 0, up: below < LIST && top > LIST };
  });

  /** Bring the active cell into sight. */
  function reveal() {
    const [index, column] = [rows.activeIndex.value, activeColumn.value];
    if (index >= 0) virtual.value.scrollToIndex(index);
    if (!scroller.value || !column || column.pinned) return;
    const [left, pinned] = [lefts.value[column.code] ?? 0, NUMBER + columns.pinned.value.reduce((sum, each) => sum + each.width, 0)];
    const { scrollLeft, clientWidth } = scroller.value;
    if (left < scrollLeft + pinned) scroller.value.scrollLeft = left - pinned;
    else if (left + column.width > scrollLeft + clientWidth) scroller.value.scrollLeft = left + column.width - clientWidth;
  }

  return {
    shown, lefts, width, activeColumn, virtual, penPlace, reveal,
    scrolled: () => void (scrolledBy.value = scroller.value?.scrollLeft ?? 0),
    /** Rows that a page key passes. */
    page: () => Math.max(1, Math.floor((scroller.value?.clientHeight ?? 0) / ROW) - 2),
  };
}
