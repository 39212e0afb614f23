/** Moving the active cell of a grid by keyboard, as the ARIA grid pattern has it. */

export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that a page key moves by. */
  page: number;
}

/** Where `key` leads from `from`, or null if it is no key that moves. */
export function moved(from: Cell, key: string, withControl: boolean, extent: Extent): Cell | null {
  const target = unbounded(from, key, withControl, extent);
  return target && { row: within(target.row, extent.rows), column: within(target.column, extent.columns) };
}

function unbounded({ row, column }: Cell, key: string, withControl: boolean, { rows, columns, page }: Extent): Cell | null {
  switch (key) {
    case "ArrowDown":
      return { row: row + 1, column };
    case "ArrowUp":
      return { row: row - 1, column };
    case "ArrowRight":
      return { row, column: column + 1 };
    case "ArrowLeft":
      return { row, column: column - 1 };
    case "PageDown":
      return { row: row + page, column };
    case "PageUp":
      return { row: row - page, column };
    case "Home":
      return withControl ? { row: 0, column: 0 } : { row, column: 0 };
    case "End":
      return withControl ? { row: rows - 1, column: columns - 1 } : { row, column: columns - 1 };
    default:
      return null;
  }
}

function within(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1));
}
