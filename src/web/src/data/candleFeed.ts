import { io, type Socket } from 'socket.io-client';
import { Backoff } from '../../client/index.ts';
import type { CandleRow } from './candles.ts';
import { askForToken, token } from './token.ts';

export interface CandleFeedEvents {
  /** Candles of the selected series; `more` = there are older ones. */
  history(rows: CandleRow[], more: boolean): void;
  candle(row: CandleRow): void;
  /** The selected series cannot be had. */
  refused(code: string, message: string): void;
  /** `retryAt` in milliseconds while a reconnect is waited for. */
  state(open: boolean, reason: string, retryAt: number | undefined): void;
  intervals(names: string[]): void;
}

interface OfSeries {
  symbol: string;
  interval: string;
}

/**
 * Candles over Socket.IO: one series at a time, history first, then live. Reconnects by itself, because the page shows when it will; a
 * session that the server could recover goes on without asking for history again.
 */
export class CandleFeed {
  readonly #socket: Socket;
  readonly #backoff = new Backoff({ initial: 500, max: 8000 });
  #series: OfSeries | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #isConfirmed = false;

  constructor(private readonly events: CandleFeedEvents) {
    this.#socket = io({
      autoConnect: false,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      query: { strings: '1' },
      auth: give => give({ token: token() }),
    });
    this.#socket.on('connect', () => this.#connected());
    this.#socket.on('disconnect', reason => this.#lost(reason === 'io server disconnect' ? 'the gateway closed the candle service' : 'the connection broke'));
    this.#socket.on('connect_error', error => this.#notConnected(error.message));
    this.#socket.on('connection_success', ({ supported_intervals: names }: { supported_intervals?: string[] }) => names && events.intervals(names));
    this.#socket.on('history_data', (message: OfSeries & { data: CandleRow[]; has_more: boolean }) => {
      if (this.#isWanted(message)) events.history(message.data, message.has_more);
    });
    this.#socket.on('kline_data', (message: OfSeries & { data: CandleRow }) => {
      if (!this.#isWanted(message)) return;
      this.#backoff.reset();
      events.candle(message.data);
    });
    this.#socket.on('subscription_confirmed', (message: OfSeries) => {
      if (this.#isWanted(message)) this.#isConfirmed = true;
    });
    this.#socket.on('error', ({ code, message }: { code: string; message: string }) => this.#refused(code, message));
  }

  connect(): void {
    clearTimeout(this.#timer);
    this.#socket.connect();
  }

  select(symbol: string, interval: string): void {
    const before = this.#series;
    if (before?.symbol === symbol && before.interval === interval) return;
    this.#series = { symbol, interval };
    if (!this.#socket.connected) return;
    if (before) this.#socket.emit('unsubscribe', before);
    this.#subscribe();
  }

  /** Older candles; they come as `history`. */
  loadBefore(time: number): void {
    if (this.#series && this.#socket.connected) this.#socket.emit('history', { ...this.#series, limit: 500, to: time });
  }

  #connected(): void {
    this.events.state(true, '', undefined);
    if (this.#series && !this.#socket.recovered) this.#subscribe();
  }

  #subscribe(): void {
    clearTimeout(this.#again);
    this.#isConfirmed = false;
    this.#socket.emit('subscribe', { ...this.#series, limit: 300 });
  }

  // A gateway that has just started may not know its instruments yet, and a new instrument may come: asked for again until it is had.
  #refused(code: string, message: string): void {
    this.events.refused(code, message);
    if (this.#isConfirmed) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#socket.connected && this.#subscribe(), 2000);
  }

  #notConnected(message: string): void {
    if (message === 'UNAUTHORIZED') {
      void askForToken();
      this.#lost('the gateway asks for a token');
    } else {
      this.#lost(message === 'websocket error' || message === 'xhr poll error' ? 'the gateway does not answer' : message);
    }
  }

  #lost(reason: string): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
    const wait = this.#backoff.next();
    this.#timer = setTimeout(() => this.#socket.connect(), wait);
    this.events.state(false, reason, Date.now() + wait);
  }

  #isWanted(message: OfSeries): boolean {
    return message.symbol === this.#series?.symbol && message.interval === this.#series.interval;
  }
}
