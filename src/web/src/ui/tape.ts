import type { Gap, Trade } from '../../client/index.ts';
import { fractionDigits, show } from '../text/decimal.ts';
import { reasonText } from '../text/reasons.ts';
import { clockTime } from '../text/times.ts';
import { get, make, onFrame, setClass, setText } from './dom.ts';

interface Line {
  className: string;
  cells: [price: string, quantity: string, time: string];
  title: string;
}

const mostKept = 200;

/** The newest trades, newest first. Kept in a ring, drawn once per frame into rows that are written over. */
export class Tape {
  readonly #element = get('tape');
  readonly #rows: HTMLLIElement[] = [];
  readonly #draw = onFrame(() => this.#render(), 80);
  #lines: Line[] = [];
  #digits = 0;
  #quantityDigits = 0;

  constructor() {
    new ResizeObserver(() => this.#draw()).observe(this.#element);
  }

  reset(digits: number): void {
    this.#lines = [];
    this.#quantityDigits = 0;
    this.#digits = digits;
    this.#draw();
  }

  setDigits(digits: number): void {
    this.#digits = digits;
    this.#draw();
  }

  add(trade: Trade): void {
    this.#quantityDigits = Math.max(this.#quantityDigits, fractionDigits(trade.quantity));
    const late = trade.source === 'repair';
    this.#push({
      className: late ? `${trade.side} repaired` : trade.side,
      cells: [trade.price, trade.quantity, clockTime(trade.eventTime / 1000)],
      title: `${trade.side} · trade ${trade.id}${late ? ' · fetched later' : ''}`,
    });
  }

  /** A hole in the trades, or what became of it. */
  addGap(gap: Gap): void {
    const missing = gap.missing.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    const text = gap.state === 'open' ? `${missing || 'some'} trades missing, being fetched`
      : gap.state === 'repaired' ? 'missing trades were fetched'
      : gap.state === 'abandoned' ? `${missing || 'some'} trades are lost (${reasonText(gap.reason)})` : '';
    if (text) this.#push({ className: 'note', cells: ['', '', `⋯ ${text}`], title: text });
  }

  #push(line: Line): void {
    this.#lines.unshift(line);
    if (this.#lines.length > mostKept) this.#lines.length = mostKept;
    this.#draw();
  }

  #render(): void {
    const room = Math.min(mostKept, Math.max(0, Math.floor(this.#element.clientHeight / 20)));
    while (this.#rows.length < room) {
      const row = make('li');
      row.append(make('span'), make('span'), make('span'));
      this.#rows.push(row);
      this.#element.append(row);
    }
    this.#rows.forEach((row, i) => {
      const line = i < room ? this.#lines[i] : undefined;
      row.hidden = line === undefined;
      if (line === undefined) return;
      setClass(row, line.className);
      if (row.title !== line.title) row.title = line.title;
      line.cells.forEach((cell, at) => setText(row.children[at]!, cell && at < 2 ? show(cell, at === 0 ? this.#digits : this.#quantityDigits) : cell));
    });
  }
}
