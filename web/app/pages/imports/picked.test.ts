import { describe, expect, it } from "vitest";

import { chosenFiles, droppedFiles, faultOf, joined, LARGEST, type Picked } from "./picked";

const aFile = (name: string, size = 3) => ({ name, size, webkitRelativePath: "" }) as File;
const picked = (name: string, size = 3): Picked => ({ file: aFile(name.split("/").at(-1) ?? "", size), name });

const fileEntry = (name: string) => ({ name, isFile: true, file: (done: (file: File) => void) => done(aFile(name)) });

/** A folder that gives its entries two at a time, as browsers do in hundreds. */
function folderEntry(name: string, inside: object[]) {
  return {
    name,
    isFile: false,
    createReader: () => {
      let at = 0;
      return { readEntries: (done: (part: object[]) => void) => done(inside.slice(at, (at += 2))) };
    },
  };
}

function dropOf(...entries: (object | null)[]) {
  const items = entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
  return { items, files: [] } as unknown as DataTransfer;
}

describe("files that were dropped", () => {
  it("come from every level of a folder, each with its place", async () => {
    const folder = folderEntry("ARC", [
      fileEntry("ARC.csv"),
      folderEntry("Lists", [folderEntry("drugs", [fileEntry("a.csv"), fileEntry("b.csv"), fileEntry("c.csv")])]),
    ]);

    expect((await droppedFiles(dropOf(folder, fileEntry("more.yaml")))).map(({ name }) => name)).toEqual([
      "ARC/ARC.csv", "ARC/Lists/drugs/a.csv", "ARC/Lists/drugs/b.csv", "ARC/Lists/drugs/c.csv", "more.yaml",
    ]);
  });

  it("come without their folder where the browser tells no entries", async () => {
    const transfer = { items: [{ webkitGetAsEntry: () => null }], files: [aFile("a.csv")] } as unknown as DataTransfer;

    expect((await droppedFiles(transfer)).map(({ name }) => name)).toEqual(["a.csv"]);
  });

  it("that can't be read any more are an error, not an empty list", async () => {
    const gone = { name: "a.csv", isFile: true, file: (_: unknown, fail: (error: Error) => void) => fail(new Error("gone")) };

    await expect(droppedFiles(dropOf(gone))).rejects.toThrow("gone");
  });
});

describe("a list of files", () => {
  it("has each name once, the later one, without what systems leave in folders", () => {
    const later = picked("b.csv", 9);
    const list = joined([picked("b.csv"), picked("x/.DS_Store")], [later, picked("a.csv"), picked("Thumbs.db"), picked("__MACOSX/a.csv")]);

    expect(list.map(({ name }) => name)).toEqual(["a.csv", "b.csv"]);
    expect(list[1]).toBe(later);
  });

  it("keeps the folder of a folder dialog", () => {
    const file = { name: "a.csv", size: 1, webkitRelativePath: "ARC/Lists/a.csv" } as File;

    expect(chosenFiles([file] as unknown as FileList)[0]?.name).toBe("ARC/Lists/a.csv");
  });

  it("tells which can't be sent", () => {
    expect([picked("a", 0), picked("b", LARGEST), picked("c", LARGEST + 1)].map(faultOf)).toEqual(["empty", null, "tooLarge"]);
  });
});
