import {
  CandlestickSeries, CrosshairMode, HistogramSeries, createChart,
  type CandlestickData, type HistogramData, type IChartApi, type ISeriesApi, type Time, type UTCTimestamp,
} from 'lightweight-charts';
import type { CandleChange, CandleList, CandleRow } from '../data/candles.ts';
import { show, short } from '../text/decimal.ts';
import { isBelowMinute } from '../text/intervals.ts';
import { dateTime } from '../text/times.ts';
import { colour } from '../ui/theme.ts';

export interface ChartEvents {
  /** The left end is near: older candles are wanted. */
  wantsOlder(): void;
  /** The candle under the crosshair; undefined when there is none. */
  pointed(time: number | undefined): void;
  /** Whether the newest candle is in sight. */
  atNow(isAtNow: boolean): void;
}

/** The drawing: candles above, volume below. It draws what a `CandleList` holds and keeps nothing of its own. */
export class CandleChart {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  #interval = '1m';

  constructor(container: HTMLElement, private readonly list: CandleList, events: ChartEvents) {
    this.#chart = createChart(container, {
      autoSize: true,
      // The logo would write a style element into the document, which the page's policy refuses; the footer names the maker instead.
      layout: { attributionLogo: false, fontSize: 11, panes: { enableResize: true } },
      crosshair: { mode: CrosshairMode.Normal },
      timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 6, minBarSpacing: 1.2 },
      localization: { timeFormatter: (time: Time) => dateTime((time as number) * 1000, isBelowMinute(this.#interval)) },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, { borderVisible: false, priceLineWidth: 1 });
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceFormat: { type: 'custom', formatter: short, minMove: 1e-8 }, priceLineVisible: false, lastValueVisible: false }, 1);
    const [upper, lower] = this.#chart.panes();
    upper?.setStretchFactor(0.8);
    lower?.setStretchFactor(0.2);
    this.#candles.priceScale().applyOptions({ scaleMargins: { top: 0.14, bottom: 0.06 } });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0 } });
    this.applyTheme();

    this.#chart.subscribeCrosshairMove(move => events.pointed(move.time as number | undefined));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(range => {
      if (range === null || list.rows.length === 0) return;
      if (range.from < 30) events.wantsOlder();
      events.atNow(range.to >= list.rows.length - 2);
    });
  }

  setDigits(digits: number): void {
    this.#candles.applyOptions({ priceFormat: { type: 'custom', minMove: 10 ** -digits, formatter: (price: number) => show(price.toFixed(digits)) } });
  }

  setInterval(interval: string): void {
    this.#interval = interval;
    this.#chart.timeScale().applyOptions({ secondsVisible: isBelowMinute(interval) });
  }

  /** Draws after a change of the list. */
  draw(change: CandleChange, changed: CandleRow | undefined = this.list.newest): void {
    if (change === 'none') return;
    if (change === 'all' || changed === undefined) {
      this.#candles.setData(this.list.rows.map(toBar));
      this.#volume.setData(this.list.rows.map(toVolume));
    } else {
      this.#candles.update(toBar(changed), change === 'older');
      this.#volume.update(toVolume(changed), change === 'older');
    }
  }

  /** Another series: the newest part of it, at the usual width. */
  showNewest(): void {
    this.#chart.timeScale().resetTimeScale();
    this.#candles.priceScale().applyOptions({ autoScale: true });
    const width = this.#chart.timeScale().width();
    const bars = Math.max(40, Math.min(160, Math.floor(width / 8)));
    this.#chart.timeScale().setVisibleLogicalRange({ from: this.list.rows.length - bars, to: this.list.rows.length + 5 });
  }

  scrollToNow(): void {
    this.#chart.timeScale().scrollToRealTime();
  }

  applyTheme(): void {
    const [up, down, text, grid, line] = ['--up', '--down', '--muted', '--grid', '--line'].map(colour) as [string, string, string, string, string];
    this.#chart.applyOptions({
      layout: { background: { color: colour('--panel') }, textColor: text, fontFamily: colour('--sans'), panes: { separatorColor: line, separatorHoverColor: grid } },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { vertLine: { color: text, labelBackgroundColor: colour('--stopped') }, horzLine: { color: text, labelBackgroundColor: colour('--stopped') } },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
    });
    this.#candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    if (this.list.rows.length > 0) this.draw('all');
  }
}

function toBar(row: CandleRow): CandlestickData {
  return { time: row.time as UTCTimestamp, open: Number(row.open), high: Number(row.high), low: Number(row.low), close: Number(row.close) };
}

function toVolume(row: CandleRow): HistogramData {
  return { time: row.time as UTCTimestamp, value: Number(row.volume), color: colours(Number(row.close) >= Number(row.open)) };
}

let volumeTheme = '';
let volumeColours: [string, string] = ['', ''];

// Asked for once per bar: reading a style each time would lay the page out again and again.
function colours(isUp: boolean): string {
  const theme = document.documentElement.dataset['theme'] ?? '';
  if (theme !== volumeTheme) {
    volumeTheme = theme;
    volumeColours = [colour('--up-volume'), colour('--down-volume')];
  }
  return isUp ? volumeColours[0] : volumeColours[1];
}
