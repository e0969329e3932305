import type { CandleRow } from '../data/candles.ts';
import { show } from '../text/decimal.ts';
import { isBelowMinute } from '../text/intervals.ts';
import { dateTime } from '../text/times.ts';
import { get, make } from './dom.ts';

/** The candle under the crosshair, or the newest, to the last digit. */
export class Legend {
  readonly #element = get('legend');

  show(row: CandleRow | undefined, interval: string, digits: number): void {
    if (row === undefined) {
      this.#element.replaceChildren();
      return;
    }
    const direction = Number(row.close) >= Number(row.open) ? 'up' : 'down';
    const change = Number(row.open) === 0 ? 0 : (100 * (Number(row.close) - Number(row.open))) / Number(row.open);
    const figure = (name: string, text: string, className = direction) => {
      const part = make('span', className);
      part.append(make('b', '', name), text);
      return part;
    };
    this.#element.replaceChildren(
      make('span', 'tag', dateTime(row.time * 1000, isBelowMinute(interval))),
      figure('O', show(row.open, digits)), figure('H', show(row.high, digits)), figure('L', show(row.low, digits)), figure('C', show(row.close, digits)),
      make('span', direction, `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(2)} %`),
      figure('Vol', show(row.volume), ''),
    );
  }
}
