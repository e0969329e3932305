import type { ConnectionState } from '../client/index.ts';
import { CandleChart } from './chart/candleChart.ts';
import { fetchClockOffset, fetchDayAgo, fetchMetrics, fetchPriceDigits, fetchStreams, fetchUnreadiness, searchInstruments, type GatewayMetrics, type VenueFigures } from './data/api.ts';
import { CandleFeed } from './data/candleFeed.ts';
import { CandleList, type CandleRow } from './data/candles.ts';
import { MarketFeed } from './data/marketFeed.ts';
import { readSelection, writeSelection, type Selection } from './data/selection.ts';
import { onToken, takeTokenOfAddress } from './data/token.ts';
import { fractionDigits, show } from './text/decimal.ts';
import { isBelowMinute, parseInterval } from './text/intervals.ts';
import { reasonText } from './text/reasons.ts';
import { clockTime, dateTime, span } from './text/times.ts';
import { Board, shortName } from './ui/board.ts';
import { get, onFrame, setClass, setText } from './ui/dom.ts';
import { FiguresPanel } from './ui/figures.ts';
import { IntervalBar } from './ui/intervalBar.ts';
import { Ladder } from './ui/ladder.ts';
import { Legend } from './ui/legend.ts';
import { Picker } from './ui/picker.ts';
import { StatusLine, type Trouble } from './ui/status.ts';
import { Tape } from './ui/tape.ts';
import { wireTabs } from './ui/tabs.ts';
import { wireTheme } from './ui/theme.ts';

const defaults: Selection = { key: '', interval: '1m' };
const figuresEvery = 5000;

/** The page: who listens to whom. Everything that is drawn lives in `ui` and `chart`, everything that is fetched in `data`. */
export class Page {
  readonly #list = new CandleList();
  readonly #legend = new Legend();
  readonly #tape = new Tape();
  readonly #ladder = new Ladder();
  readonly #chart: CandleChart;
  readonly #candles: CandleFeed;
  readonly #market: MarketFeed;
  readonly #board: Board;
  readonly #figures: FiguresPanel;
  readonly #picker: Picker;
  readonly #intervals: IntervalBar;
  readonly #status: StatusLine;
  readonly #drawNewest = onFrame(() => this.#renderNewest());
  readonly #delays: number[] = [];
  #selection: Selection = defaults;
  #digits = 2;
  #digitsAreKnown = false;
  #hasOlder = false;
  #isLoading = false;
  #isFirstHistory = true;
  #pointed: number | undefined;
  #candleState: { open: boolean; reason: string; retryAt: number | undefined; everOpen: boolean } = { open: false, reason: '', retryAt: undefined, everOpen: false };
  #offset = 0;
  #dayAgo: number | undefined;
  #unreadiness: string | undefined;
  #metrics: GatewayMetrics | undefined;
  #venues: readonly VenueFigures[] | undefined;

  constructor() {
    const now = () => Date.now() + this.#offset;
    this.#chart = new CandleChart(get('chart'), this.#list, {
      wantsOlder: () => this.#loadOlder(),
      pointed: time => {
        this.#pointed = time;
        this.#drawNewest();
      },
      atNow: isAtNow => (get('to-now').hidden = isAtNow),
    });
    this.#candles = new CandleFeed({
      history: (rows, more) => this.#history(rows, more),
      candle: row => this.#candle(row),
      refused: (code, message) => this.#refused(code, message),
      state: (open, reason, retryAt) => {
        this.#candleState = { open, reason, retryAt, everOpen: this.#candleState.everOpen || open };
        this.#isLoading = false;
        this.#judge();
      },
      intervals: names => this.#intervals.limit(names.map(parseInterval).filter(name => name !== undefined)),
    });
    this.#market = new MarketFeed({
      trade: (trade, isSnapshot) => {
        this.#tape.add(trade);
        if (isSnapshot || trade.source !== 'live') return;
        if (this.#delays.push(now() - trade.eventTime / 1000) > 101) this.#delays.shift();
      },
      quote: quote => this.#ladder.takeQuote(quote),
      book: book => this.#ladder.takeBook(book),
      gap: gap => this.#tape.addGap(gap),
      health: health => {
        this.#board.health(health);
        this.#judge();
      },
      unrecovered: () => this.#status.notice('Connected again. Trades of the time between could not be replayed; candles are complete.'),
    });
    this.#board = new Board(now, () => this.#selection.key, key => this.#select({ key }));
    this.#figures = new FiguresPanel(now);
    this.#picker = new Picker(() => this.#selection, choice => this.#select(choice));
    this.#intervals = new IntervalBar(interval => this.#select({ interval }));
    this.#status = new StatusLine(() => this.#retry());
    wireTheme(() => this.#chart.applyTheme());
    wireTabs();
    get('to-now').addEventListener('click', () => this.#chart.scrollToNow());
    this.#market.client.on('state', state => {
      this.#judge();
      if (state.status === 'open') void this.#market.client.ping().catch(() => undefined);
      // A refused handshake tells a page nothing; the gateway's probe does.
      else if (state.status === 'waiting') void fetchUnreadiness().then(reason => (this.#unreadiness = reason));
    });
    addEventListener('popstate', () => this.#select(readSelection(), true));
    addEventListener('online', () => this.#retry());
    addEventListener('hashchange', takeTokenOfAddress);
    takeTokenOfAddress();
    onToken(() => this.#retry());
    setInterval(() => document.visibilityState === 'visible' && this.#tick(now()), 1000);
  }

  async start(): Promise<void> {
    this.#tick(Date.now());
    this.#market.connect();
    this.#candles.connect();
    const wanted = readSelection();
    this.#intervals.show(wanted.interval ?? defaults.interval);
    if (wanted.key !== undefined) this.#select(wanted, true);
    void this.#measure();
    const found = await searchInstruments('');
    this.#picker.add(found ?? []);
    this.#selectAny();
  }

  #learnInstruments(): void {
    this.#picker.add(this.#board.instruments.map(({ venue, instrument }) => ({ key: `${venue}:${instrument}`, venue, instrument, description: '' })));
  }

  // The address names nothing: the first instrument there is.
  #selectAny(): void {
    if (this.#selection.key !== '') return;
    this.#learnInstruments();
    const first = this.#picker.first;
    if (first) this.#select({ key: first.key, interval: readSelection().interval ?? defaults.interval }, true);
  }

  #select(choice: Partial<Selection>, replace = false): void {
    const before = this.#selection;
    const next = { key: choice.key ?? before.key, interval: choice.interval ?? before.interval };
    if (next.key === '' || (next.key === before.key && next.interval === before.interval)) return;
    this.#selection = next;
    writeSelection(next, replace);
    this.#intervals.show(next.interval);
    this.#list.clear();
    this.#chart.setInterval(next.interval);
    this.#chart.draw('all');
    this.#isFirstHistory = true;
    this.#hasOlder = false;
    this.#isLoading = true;
    this.#note('Loading candles …');
    if (next.key !== before.key) this.#showInstrument(next.key);
    this.#candles.select(next.key, next.interval);
    this.#drawNewest();
    this.#judge();
  }

  #showInstrument(key: string): void {
    const colon = key.indexOf(':');
    const name = shortName(key.slice(colon + 1));
    setText(get('instrument-name'), name);
    setText(get('instrument-venue'), key.slice(0, colon));
    get('instrument').setAttribute('aria-label', `${name} ${key.slice(0, colon)}: choose another instrument or interval`);
    this.#digitsAreKnown = false;
    this.#tape.reset(this.#digits);
    this.#ladder.reset(this.#digits);
    this.#delays.length = 0;
    this.#market.select(key);
    this.#board.redraw();
    this.#dayAgo = undefined;
    void fetchDayAgo(key, Date.now() + this.#offset).then(price => {
      if (this.#selection.key === key) this.#dayAgo = price;
      this.#drawNewest();
    });
    void fetchPriceDigits(key).then(digits => {
      if (digits === undefined || this.#selection.key !== key) return;
      this.#digitsAreKnown = true;
      this.#setDigits(digits);
    });
  }

  #setDigits(digits: number): void {
    this.#digits = digits;
    this.#chart.setDigits(digits);
    this.#tape.setDigits(digits);
    this.#ladder.setDigits(digits);
    this.#drawNewest();
  }

  #history(rows: CandleRow[], more: boolean): void {
    const oldest = this.#list.oldest?.time;
    this.#list.merge(rows);
    // An answer that reaches no further back says nothing about what lies there.
    if (rows.length === 0 || oldest === undefined || rows[0]!.time <= oldest) this.#hasOlder = more && rows.length > 0;
    this.#isLoading = false;
    if (!this.#digitsAreKnown && rows.length > 0) this.#setDigits(Math.max(...rows.slice(-100).map(row => fractionDigits(row.close))));
    this.#chart.draw('all');
    if (this.#isFirstHistory) this.#chart.showNewest();
    this.#isFirstHistory = false;
    this.#describe();
    this.#note(this.#list.rows.length === 0 ? 'No candles of this interval yet' : '');
    this.#drawNewest();
  }

  // What there is to see, for those who do not; not told anew with every trade.
  #describe(): void {
    const { rows, oldest, newest } = this.#list;
    const isFine = isBelowMinute(this.#selection.interval);
    const what = oldest && newest ? `${rows.length} candles from ${dateTime(oldest.time * 1000, isFine)} to ${dateTime(newest.time * 1000, isFine)} UTC` : 'no candles';
    get('chart').setAttribute('aria-label', `${this.#selection.key}, ${this.#selection.interval}: ${what}`);
  }

  #candle(row: CandleRow): void {
    const change = this.#list.put(row);
    if (change === 'older') this.#chart.draw(change, row);
    else if (change === 'all') this.#chart.draw(change);
    this.#note('');
    if (change === 'newest') this.#queueNewest(row);
  }

  // Several updates may come within a frame, of two candles at the turn of the interval: the final one and the next.
  #waiting = new Map<number, CandleRow>();

  #queueNewest(row: CandleRow): void {
    this.#waiting.set(row.time, row);
    this.#drawNewest();
  }

  #renderNewest(): void {
    for (const row of [...this.#waiting.values()].sort((a, b) => a.time - b.time)) if (this.#list.at(row.time) === row) this.#chart.draw('newest', row);
    this.#waiting.clear();
    const newest = this.#list.newest;
    this.#legend.show(this.#pointed === undefined ? newest : this.#list.at(this.#pointed) ?? newest, this.#selection.interval, this.#digits);
    const price = newest === undefined ? '–' : show(newest.close, this.#digits);
    setText(get('last-price'), price);
    const change = newest && this.#dayAgo ? (100 * (Number(newest.close) - this.#dayAgo)) / this.#dayAgo : undefined;
    setText(get('last-change'), change === undefined ? '' : `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(2)} % 24h`);
    setClass(get('last-change'), `last-change ${change === undefined ? '' : change >= 0 ? 'up' : 'down'}`);
    const title = newest ? `${price} ${get('instrument-name').textContent} · Pipeline` : 'Pipeline';
    if (document.title !== title) document.title = title;
  }

  #loadOlder(): void {
    const oldest = this.#list.oldest;
    if (this.#isLoading || !this.#hasOlder || oldest === undefined || !this.#candleState.open) return;
    this.#isLoading = true;
    this.#candles.loadBefore(oldest.time);
  }

  #refused(code: string, message: string): void {
    this.#isLoading = false;
    this.#note(code === 'INVALID_SYMBOL' ? 'This instrument is not collected here' : code === 'INVALID_INTERVAL' ? 'This interval is not made here' : message);
  }

  #note(text: string): void {
    get('chart-note').hidden = text === '';
    setText(get('chart-note'), text);
  }

  #retry(): void {
    this.#market.client.reconnectNow();
    if (!this.#candleState.open) this.#candles.connect();
  }

  /** What is wrong, the worst first: nothing comes, then candles alone do not come, then what is shown is old. */
  #judge(): void {
    const trouble = this.#connectionTrouble(this.#market.client.state) ?? this.#candleTrouble() ?? this.#staleTrouble();
    document.body.dataset['state'] = trouble?.state ?? 'live';
    this.#status.set(trouble);
  }

  #connectionTrouble(state: ConnectionState): Trouble | undefined {
    switch (state.status) {
      case 'open': return undefined;
      case 'connecting': return { state: this.#market.client.figures.received > 0 ? 'lost' : 'connecting', text: 'Connecting to the gateway …' };
      case 'waiting': return { state: 'lost', text: `Disconnected: ${this.#unreadiness ? `the gateway is not ready (${this.#unreadiness})` : state.reason}. What is shown is as of then.`, retryAt: state.retryAt };
      case 'closed': return { state: 'lost', text: `Disconnected: ${state.reason}.` };
    }
  }

  #candleTrouble(): Trouble | undefined {
    const { open, reason, retryAt, everOpen } = this.#candleState;
    if (open) return undefined;
    if (retryAt === undefined) return { state: 'connecting', text: 'Connecting to the candle service …' };
    return { state: 'lost', text: `Candles are not live${everOpen ? '' : ' yet'}: ${reason}.`, retryAt };
  }

  #staleTrouble(): Trouble | undefined {
    const { key } = this.#selection;
    const trades = this.#board.get(`${key}:trade`);
    if (trades?.state !== 'stale' && trades?.state !== 'paused' && trades?.state !== 'stopped') return undefined;
    const since = trades.since > 0 ? ` since ${clockTime(trades.since)} (${span(Date.now() + this.#offset - trades.since)})` : '';
    return { state: 'stale', text: `Trades of ${shortName(key.slice(key.indexOf(':') + 1))} are ${trades.state}${since}: ${reasonText(trades.reason)}.` };
  }

  #tick(now: number): void {
    setText(get('clock'), clockTime(now));
    this.#judge();
    this.#selectAny();
    const { roundTripMs, holes, reconnects } = this.#market.client.figures;
    const delays = [...this.#delays].sort((a, b) => a - b);
    const tradeDelayMs = delays.length > 0 ? Math.max(0, delays[delays.length >> 1]!) : undefined;
    this.#figures.show({ roundTripMs, tradeDelayMs, holes, reconnects }, this.#metrics, this.#venues);
  }

  async #measure(): Promise<void> {
    for (;;) {
      // A page nobody sees asks for nothing.
      if (document.visibilityState === 'visible') {
        const [offset, streams, metrics] = await Promise.all([fetchClockOffset(), fetchStreams(), fetchMetrics(), this.#market.client.ping().catch(() => undefined)]);
        this.#offset = offset ?? this.#offset;
        this.#metrics = metrics;
        if (streams) {
          this.#board.figures(streams.streams);
          this.#venues = streams.collectors ?? [];
          this.#learnInstruments();
        }
      }
      await new Promise(resolve => setTimeout(resolve, figuresEvery));
    }
  }
}
