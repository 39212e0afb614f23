/**
 * Rows of a long list by pages: loads what is near the reader, drops what is far, never loads twice.
 * A page is asked for by the cursor of the one before; where the list's length is known, any place can be jumped to.
 */

import type { Page } from "../../shared/api/types";

export type Cursor = string | number | null;

/** @param skip rows to leave out after the cursor; only asked of lists whose length was told. */
export type FetchPage<Row> = (after: Cursor, limit: number, signal: AbortSignal, skip?: number) => Promise<Page<Row>>;

interface Slot<Row> {
  rows: Row[] | null; // null: known, but dropped
  next: Cursor;
}

export interface Sizes {
  /** Rows asked for at once. */
  page: number;
  /** Pages kept in memory; at least what two screens show. */
  kept: number;
  /** Rows to load ahead of the last one in sight. */
  ahead: number;
  /** How long a place must be in sight before it is jumped to, in ms: a thumb that is pulled past asks for nothing. */
  rest: number;
}

export const SIZES: Sizes = { page: 100, kept: 80, ahead: 200, rest: 40 };

interface Loading {
  done: Promise<void>;
  abort: AbortController;
}

export class KeysetPages<Row> {
  private readonly slots = new Map<number, Slot<Row>>(); // by number of page
  private readonly loading = new Map<number, Loading>();
  private end: number | null = null; // rows in all, once the last page was seen
  private total: number | null = null; // as the server counts them
  private isStopped = false;
  private inSight = { first: 0, last: 0 };

  constructor(
    private readonly fetchPage: FetchPage<Row>,
    private readonly changed: () => void,
    private readonly sizes: Sizes = SIZES,
  ) {}

  /** Whether the last page is known. */
  get complete(): boolean {
    return this.end !== null;
  }

  /** Rows there are, as far as that is known: in memory or not. */
  get length(): number {
    return this.end ?? Math.max(this.total ?? 0, this.known);
  }

  /** Say how many rows there are: from then on any of them can be jumped to. */
  tell(total: number | null): void {
    this.total = total;
    this.changed();
  }

  /** The row, or undefined while it is not here. */
  row(index: number): Row | undefined {
    return this.slots.get(this.pageOf(index))?.rows?.[index % this.sizes.page];
  }

  /** Rows `first` to `last` are in sight: see to it that they are here. Rejects with the first failure. */
  async want(first: number, last: number): Promise<void> {
    this.inSight = { first, last };
    for (const [number, { abort }] of this.loading) if (!this.isNear(number)) abort.abort();
    const numbers = this.numbersNear();
    if (this.total !== null) await Promise.all(numbers.map((number) => this.load(number)));
    else await this.inTurn(numbers);
  }

  /** End all requests; the object is of no use afterwards. */
  stop(): void {
    this.isStopped = true;
    for (const { abort } of this.loading.values()) abort.abort();
  }

  /** Without a total each page waits for the one before; those that were dropped are asked for at once. */
  private async inTurn(numbers: readonly number[]): Promise<void> {
    const reached = this.known / this.sizes.page;
    await Promise.all(numbers.filter((number) => number < reached).map((number) => this.load(number)));
    for (let number = Math.ceil(reached); !this.complete && !this.isStopped && number <= (this.numbersNear().at(-1) ?? -1); number += 1) {
      await this.load(number);
    }
  }

  private pageOf(index: number): number {
    return Math.floor(index / this.sizes.page);
  }

  /** Rows from the first to the last page that was ever here. */
  private get known(): number {
    let last = -1;
    for (const number of this.slots.keys()) last = Math.max(last, number);
    return (last + 1) * this.sizes.page;
  }

  /** The pages in sight and those near them, the first ones first; none beyond the end. */
  private numbersNear(): number[] {
    const from = Math.max(0, this.pageOf(this.inSight.first - this.sizes.ahead));
    const bound = this.end ?? this.total;
    const last = this.inSight.last + this.sizes.ahead;
    const to = this.pageOf(bound === null ? last : Math.min(last, Math.max(bound - 1, 0)));
    const near = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    const seen = (number: number) => number >= this.pageOf(this.inSight.first) && number <= this.pageOf(this.inSight.last);
    return this.total === null ? near : [...near.filter(seen), ...near.filter((number) => !seen(number))];
  }

  private isNear(number: number): boolean {
    const { first, last } = this.inSight;
    return number * this.sizes.page <= last + this.sizes.ahead && (number + 1) * this.sizes.page > first - this.sizes.ahead;
  }

  private load(number: number): Promise<void> {
    if (this.slots.get(number)?.rows) return Promise.resolve();
    const running = this.loading.get(number);
    if (running && !running.abort.signal.aborted) return running.done;
    const abort = new AbortController();
    const entry: Loading = { abort, done: this.loadNow(number, abort.signal) };
    entry.done = entry.done
      .catch((error: unknown) => {
        if (!abort.signal.aborted) throw error; // nobody looks there any more
      })
      .finally(() => this.loading.get(number) === entry && this.loading.delete(number));
    this.loading.set(number, entry);
    return entry.done;
  }

  private async loadNow(number: number, signal: AbortSignal): Promise<void> {
    const page = await this.ask(number, signal);
    if (signal.aborted || this.isStopped || !page) return;
    this.slots.set(number, { rows: page.items, next: page.next });
    if (page.next === null || page.items.length === 0) this.endAt(number, page.items.length);
    this.dropFar();
    this.changed();
  }

  private async ask(number: number, signal: AbortSignal): Promise<Page<Row> | null> {
    if (number === 0) return this.fetchPage(null, this.sizes.page, signal);
    const before = this.slots.get(number - 1)?.next;
    if (before !== undefined && before !== null) return this.fetchPage(before, this.sizes.page, signal);
    await new Promise((resolve) => setTimeout(resolve, this.sizes.rest));
    if (signal.aborted) return null;
    return this.fetchPage(null, this.sizes.page, signal, number * this.sizes.page);
  }

  /** The last page was seen. An empty one says only that the end is before it: the one before it knows better. */
  private endAt(number: number, rows: number): void {
    const end = number * this.sizes.page + rows;
    this.end = rows === 0 ? Math.min(end, this.end ?? end) : end;
    for (const each of this.slots.keys()) if (each > number) this.slots.delete(each);
  }

  private dropFar(): void {
    const held = [...this.slots].filter(([, slot]) => slot.rows);
    const middle = (this.inSight.first + this.inSight.last) / 2;
    const distance = (number: number) => Math.abs((number + 0.5) * this.sizes.page - middle);
    held.sort(([a], [b]) => distance(b) - distance(a));
    for (const [number, slot] of held.slice(0, Math.max(0, held.length - this.sizes.kept))) {
      if (!this.isNear(number)) slot.rows = null;
    }
  }
}
