/** Files as a person picks them: several at once, folders with all that is in them, each with its place. */

export interface Picked {
  file: File;
  /** With the folders it stood in: "ARC/Lists/drugs/Antivirals.csv". */
  name: string;
}

export const MOST_FILES = 1000;
export const LARGEST = 64 * 1024 * 1024; // bytes; the server reads no larger definition

/** What systems leave in folders for themselves. */
const CLUTTER = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

/** What was dropped. Call it at once in the event: its items are gone afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<Picked[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...transfer.files];
  if (entries.every((entry) => entry === null)) return Promise.resolve(files.map((file) => ({ file, name: file.name })));
  return Promise.all(entries.map((entry) => (entry ? walk(entry) : []))).then((found) => found.flat());
}

async function walk(entry: FileSystemEntry, above = ""): Promise<Picked[]> {
  const name = above + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, name }];
  }
  const found: Picked[] = [];
  for (const inside of await entriesOf(entry as FileSystemDirectoryEntry)) {
    found.push(...(await walk(inside, `${name}/`)));
    if (found.length > MOST_FILES) break; // a home folder dropped by mistake
  }
  return found;
}

/** A folder tells its entries in parts (Chrome: 100 at a time); an empty part is the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0 || found.length > MOST_FILES) return found;
    found.push(...part);
  }
}

/** What was chosen in a file or folder dialog. */
export function chosenFiles(list: FileList | null): Picked[] {
  return [...(list ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
}

/** Both lists; of two with one name, the later. Clutter is left out; sorted by name. */
export function joined(before: readonly Picked[], more: readonly Picked[]): Picked[] {
  const byName = new Map([...before, ...more].map((picked) => [picked.name, picked]));
  return [...byName.values()].filter(({ name }) => !CLUTTER.test(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function totalSize(picked: readonly Picked[]): number {
  return picked.reduce((sum, { file }) => sum + file.size, 0);
}

export type Fault = "empty" | "tooLarge";

/** Why a file can't be sent, as far as it can be told before. */
export function faultOf({ file }: Picked): Fault | null {
  if (file.size === 0) return "empty";
  return file.size > LARGEST ? "tooLarge" : null;
}
