/** A candle as it comes over Socket.IO with `strings=1`; time in seconds. */
export interface CandleRow {
  time: number;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  is_final?: boolean;
}

/** What changed: everything, only the newest candle, or one before it. */
export type CandleChange = 'all' | 'newest' | 'older' | 'none';

/** The candles of one series, oldest first, each time once. */
export class CandleList {
  #rows: CandleRow[] = [];

  get rows(): readonly CandleRow[] {
    return this.#rows;
  }

  get newest(): CandleRow | undefined {
    return this.#rows.at(-1);
  }

  get oldest(): CandleRow | undefined {
    return this.#rows[0];
  }

  clear(): void {
    this.#rows = [];
  }

  /** Takes in an answer with history, whatever part of it is known. What was asked for later says more and wins. */
  merge(rows: readonly CandleRow[]): void {
    const byTime = new Map(this.#rows.map(row => [row.time, row]));
    for (const row of rows) byTime.set(row.time, row);
    this.#rows = [...byTime.values()].sort((a, b) => a.time - b.time);
  }

  put(row: CandleRow): CandleChange {
    const newest = this.newest;
    if (newest === undefined || row.time > newest.time) {
      this.#rows.push(row);
      return 'newest';
    }
    const at = this.#indexOf(row.time);
    if (this.#rows[at]?.time === row.time) {
      // A forming state that was under way while the final one was read from history.
      if (this.#rows[at].is_final && row.is_final === false) return 'none';
      this.#rows[at] = row;
      return at === this.#rows.length - 1 ? 'newest' : 'older';
    }
    this.#rows.splice(at, 0, row);
    return 'all';
  }

  at(time: number): CandleRow | undefined {
    const row = this.#rows[this.#indexOf(time)];
    return row?.time === time ? row : undefined;
  }

  #indexOf(time: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]!.time < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
