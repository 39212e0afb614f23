/** What a key does in the table while nothing is written in a cell. */

export type Command =
  | { do: "move"; step: -1 | 1 }
  | { do: "edit" | "add" | "duplicate" | "remove" | "undo" | "redo" | "all" | "narrow" | "clear" | "toggle" }
  | { do: "next"; step: -1 | 1 };

type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Null: the key moves the active cell, writes into it, or belongs to others. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Key): Command | null {
  const control = ctrlKey || metaKey;
  if (altKey) return key === "ArrowUp" ? { do: "move", step: -1 } : key === "ArrowDown" ? { do: "move", step: 1 } : null;
  if (control) return withControl(key.toLowerCase(), shiftKey);
  switch (key) {
    case "Enter":
    case "F2":
      return { do: "edit" };
    case "Insert":
      return { do: "add" };
    case "Delete":
      return { do: "remove" };
    case "Backspace":
      return { do: "clear" };
    case "Escape":
      return { do: "narrow" };
    case "Tab":
      return { do: "next", step: shiftKey ? -1 : 1 };
    case " ":
      return { do: "toggle" };
    default:
      return null;
  }
}

function withControl(key: string, shift: boolean): Command | null {
  switch (key) {
    case "enter":
      return { do: "add" };
    case "d":
      return { do: "duplicate" };
    case "z":
      return { do: shift ? "redo" : "undo" };
    case "y":
      return { do: "redo" };
    case "a":
      return { do: "all" };
    default:
      return null;
  }
}

/** The cell after (or before) this one, going on in the next row; null at the table's end. */
export function nextCell(row: number, column: number, step: -1 | 1, rows: number, columns: number): { row: number; column: number } | null {
  const at = row * columns + column + step;
  return at < 0 || at >= rows * columns ? null : { row: Math.floor(at / columns), column: at % columns };
}
