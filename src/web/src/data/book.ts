import type { Book, BookLevel } from '../../client/index.ts';

/** An order book out of whole books and changes. Once a change does not follow, nothing is shown until the next whole book. */
export class BookState {
  readonly #bids = new Map<string, string>();
  readonly #asks = new Map<string, string>();
  #updateId: number | undefined;

  clear(): void {
    this.#bids.clear();
    this.#asks.clear();
    this.#updateId = undefined;
  }

  apply(book: Book): void {
    if (book.kind === 'update') {
      if (this.#updateId === undefined || book.prev !== this.#updateId) return this.clear();
    } else {
      this.clear();
    }
    write(this.#bids, book.bids);
    write(this.#asks, book.asks);
    this.#updateId = book.updateId;
  }

  /** The best levels, best first; undefined when nothing is known. */
  best(depth: number): { bids: BookLevel[]; asks: BookLevel[] } | undefined {
    if (this.#updateId === undefined) return undefined;
    return { bids: sort(this.#bids, -1, depth), asks: sort(this.#asks, 1, depth) };
  }
}

function write(side: Map<string, string>, levels: readonly BookLevel[]): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
}

function sort(side: Map<string, string>, sign: number, depth: number): BookLevel[] {
  return [...side].sort(([a], [b]) => sign * (Number(a) - Number(b))).slice(0, depth);
}
