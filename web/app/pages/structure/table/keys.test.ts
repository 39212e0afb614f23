import { describe, expect, it } from "vitest";

import { commandOf, nextCell } from "./keys";

const press = (key: string, ...held: string[]) =>
  commandOf({ key, ctrlKey: held.includes("ctrl"), metaKey: held.includes("meta"), altKey: held.includes("alt"), shiftKey: held.includes("shift") });

describe("keys in the fields' table", () => {
  it.each([
    ["Enter", [], { do: "edit" }], ["F2", [], { do: "edit" }], ["Insert", [], { do: "add" }], ["Enter", ["ctrl"], { do: "add" }],
    ["d", ["ctrl"], { do: "duplicate" }], ["D", ["meta"], { do: "duplicate" }], ["Delete", [], { do: "remove" }],
    ["z", ["ctrl"], { do: "undo" }], ["Z", ["ctrl", "shift"], { do: "redo" }], ["y", ["ctrl"], { do: "redo" }],
    ["ArrowUp", ["alt"], { do: "move", step: -1 }], ["ArrowDown", ["alt"], { do: "move", step: 1 }],
    ["Tab", [], { do: "next", step: 1 }], ["Tab", ["shift"], { do: "next", step: -1 }],
  ] as const)("%s %s", (key, held, command) => {
    expect(press(key, ...held)).toEqual(command);
  });

  it("that write or move are left to the cell", () => {
    expect([press("a"), press("ArrowDown"), press("ArrowDown", "shift"), press("c", "ctrl"), press("v", "ctrl")]).toEqual([null, null, null, null, null]);
  });

  it("Tab goes on in the next row and ends with the table", () => {
    expect(nextCell(0, 2, 1, 2, 3)).toEqual({ row: 1, column: 0 });
    expect(nextCell(1, 0, -1, 2, 3)).toEqual({ row: 0, column: 2 });
    expect([nextCell(1, 2, 1, 2, 3), nextCell(0, 0, -1, 2, 3)]).toEqual([null, null]);
  });
});
