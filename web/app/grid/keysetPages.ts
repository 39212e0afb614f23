/** Rows of a long list by keyset pages: loads what is near the reader, drops what is far, never loads twice. */

import type { Page } from "../../shared/api/types";

export type Cursor = string | number | null;

export type FetchPage<Row> = (after: Cursor, limit: number, signal: AbortSignal) => Promise<Page<Row>>;

interface Slot<Row> {
  after: Cursor;
  start: number;
  length: number;
  rows: Row[] | null; // null: known, but dropped
}

export interface Sizes {
  /** Rows asked for at once. */
  page: number;
  /** Pages kept in memory; at least what two screens show. */
  kept: number;
  /** Rows to load ahead of the last one in sight. */
  ahead: number;
}

export const SIZES: Sizes = { page: 200, kept: 40, ahead: 200 };

export class KeysetPages<Row> {
  private slots: Slot<Row>[] = [];
  private next: Cursor = null;
  private loading = new Map<number, Promise<void>>(); // by number of page
  private stopped = new AbortController();
  private inSight = { first: 0, last: 0 };

  /** Whether the last page is known. */
  complete = false;

  constructor(
    private readonly fetchPage: FetchPage<Row>,
    private readonly changed: () => void,
    private readonly sizes: Sizes = SIZES,
  ) {}

  /** Rows known so far, in memory or not. */
  get length(): number {
    const last = this.slots.at(-1);
    return last ? last.start + last.length : 0;
  }

  /** The row, or undefined while it is not here. */
  row(index: number): Row | undefined {
    const slot = this.slotAt(index);
    return slot?.rows?.[index - slot.start];
  }

  /** Rows `first` to `last` are in sight: see to it that they are here. Rejects with the first failure. */
  async want(first: number, last: number): Promise<void> {
    this.inSight = { first, last };
    const dropped = this.slots.flatMap((slot, number) => (this.isNear(slot) && !slot.rows ? [number] : []));
    await Promise.all(dropped.map((number) => this.load(number)));
    while (!this.complete && this.length <= this.inSight.last + this.sizes.ahead) await this.load(this.slots.length);
  }

  /** End all requests; the object is of no use afterwards. */
  stop(): void {
    this.stopped.abort();
  }

  private isNear(slot: Slot<Row>): boolean {
    const { first, last } = this.inSight;
    return slot.start <= last + this.sizes.ahead && slot.start + slot.length > first - this.sizes.ahead;
  }

  private slotAt(index: number): Slot<Row> | undefined {
    let [low, high] = [0, this.slots.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const slot = this.slots[middle];
      if (!slot || index < slot.start) high = middle - 1;
      else if (index >= slot.start + slot.length) low = middle + 1;
      else return slot;
    }
    return undefined;
  }

  private load(number: number): Promise<void> {
    const running = this.loading.get(number);
    if (running) return running;
    const started = this.loadNow(number).finally(() => this.loading.delete(number));
    this.loading.set(number, started);
    return started;
  }

  private async loadNow(number: number): Promise<void> {
    const known = this.slots[number];
    const after = known ? known.after : this.next;
    const page = await this.fetchPage(after, this.sizes.page, this.stopped.signal);
    if (this.stopped.signal.aborted) return;
    if (known) this.refill(known, page.items);
    else this.append(after, page);
    this.dropFar();
    this.changed();
  }

  private append(after: Cursor, page: Page<Row>): void {
    const rows = page.items;
    if (rows.length > 0) this.slots.push({ after, start: this.length, length: rows.length, rows });
    this.next = page.next;
    this.complete = page.next === null || rows.length === 0;
  }

  /** Rows may have come or gone since: the page keeps its place, what follows moves by the difference. */
  private refill(slot: Slot<Row>, rows: Row[]): void {
    slot.rows = rows;
    slot.length = rows.length;
    let start = 0;
    for (const each of this.slots) {
      each.start = start;
      start += each.length;
    }
  }

  private dropFar(): void {
    const held = this.slots.filter((slot) => slot.rows);
    const middle = (this.inSight.first + this.inSight.last) / 2;
    const distance = (slot: Slot<Row>) => Math.abs(slot.start + slot.length / 2 - middle);
    held.sort((a, b) => distance(b) - distance(a));
    for (const slot of held.slice(0, Math.max(0, held.length - this.sizes.kept))) {
      if (!this.isNear(slot)) slot.rows = null;
    }
  }
}
