import type { Book, BookLevel, Quote } from '../../client/index.ts';
import { BookState } from '../data/book.ts';
import { fractionDigits, show, subtract } from '../text/decimal.ts';
import { get, make, onFrame, setText } from './dom.ts';

const mostLevels = 30;

/** Best bid and ask, the spread between them, and the levels behind. */
export class Ladder {
  readonly #book = new BookState();
  readonly #bids = new Side(get('bids'));
  readonly #asks = new Side(get('asks'));
  readonly #draw = onFrame(() => this.#render(), 80);
  #quote: Quote | undefined;
  #digits = 0;
  #rows = 12;
  #quantityDigits = 0;

  constructor() {
    // As many levels as there is room for, each side the same.
    new ResizeObserver(() => {
      this.#rows = Math.max(0, Math.min(mostLevels, Math.floor(Math.min(this.#bids.element.clientHeight, this.#asks.element.clientHeight) / 20)));
      this.#draw();
    }).observe(this.#bids.element);
  }

  reset(digits: number): void {
    this.#digits = digits;
    this.#quantityDigits = 0;
    this.#quote = undefined;
    this.#book.clear();
    this.#draw();
  }

  setDigits(digits: number): void {
    this.#digits = digits;
    this.#draw();
  }

  takeQuote(quote: Quote): void {
    this.#quote = quote;
    this.#draw();
  }

  takeBook(book: Book): void {
    this.#book.apply(book);
    this.#draw();
  }

  #render(): void {
    const quote = this.#quote;
    const price = (text: string | undefined) => (text === undefined ? '–' : show(text, this.#digits));
    setText(get('bid'), price(quote?.bid));
    setText(get('ask'), price(quote?.ask));
    setText(get('bid-quantity'), quote ? show(quote.bidQuantity) : '');
    setText(get('ask-quantity'), quote ? show(quote.askQuantity) : '');
    const spread = quote ? subtract(quote.ask, quote.bid) : undefined;
    setText(get('spread'), price(spread));
    setText(get('spread-share'), spread && quote ? share(Number(spread) / Number(quote.ask)) : '');
    const best = this.#book.best(this.#rows);
    const shown = [...(best?.bids ?? []), ...(best?.asks ?? [])];
    // Points below one another, as the instrument's finest quantity so far has it.
    this.#quantityDigits = Math.max(this.#quantityDigits, ...shown.map(([, quantity]) => fractionDigits(quantity)));
    const most = Math.max(0, ...shown.map(([, quantity]) => Number(quantity)));
    this.#bids.show(best?.bids ?? [], most, this.#digits, this.#quantityDigits);
    this.#asks.show([...(best?.asks ?? [])].reverse(), most, this.#digits, this.#quantityDigits);
  }
}

function share(part: number): string {
  return `${(part * 10_000).toFixed(part < 0.0001 ? 3 : 1)} bp`;
}

/** Rows are made once and written over. */
class Side {
  readonly #rows: HTMLLIElement[] = [];

  constructor(readonly element: HTMLElement) {}

  show(levels: readonly BookLevel[], most: number, digits: number, quantityDigits: number): void {
    while (this.#rows.length < levels.length) {
      const row = make('li');
      row.append(make('span'), make('span'));
      this.#rows.push(row);
      this.element.append(row);
    }
    this.#rows.forEach((row, i) => {
      const level = levels[i];
      row.hidden = level === undefined;
      if (level === undefined) return;
      setText(row.children[0]!, show(level[0], digits));
      setText(row.children[1]!, show(level[1], quantityDigits));
      row.style.setProperty('--depth', `${Math.round((100 * Number(level[1])) / most)}%`);
    });
  }
}
