// A clock that stands still until it is told to move, and a socket whose other end is the test.

import type { Clock, SocketLike } from '../client/index.ts';

export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers = new Map<number, { due: number; call: () => void }>();
  #count = 0;

  now(): number {
    return this.#now;
  }

  setTimeout(call: () => void, milliseconds: number): unknown {
    this.#timers.set(++this.#count, { due: this.#now + milliseconds, call });
    return this.#count;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /** Moves on, stopping at everything that falls due; lets promises run in between. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settle();
      const next = [...this.#timers].filter(([, timer]) => timer.due <= end).sort(([a, x], [b, y]) => x.due - y.due || a - b)[0];
      if (next === undefined) break;
      this.#timers.delete(next[0]);
      this.#now = Math.max(this.#now, next[1].due);
      next[1].call();
    }
    this.#now = end;
    await settle();
  }
}

export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

export class FakeSocket implements SocketLike {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }

  readyState = 0;
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closedWith: number | undefined;

  constructor(readonly url: string, readonly subprotocols: string[]) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code?: number): void {
    this.readyState = 3;
    this.closedWith = code ?? 1000;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.({} as never);
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code: number, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  /** The newest request of this kind. */
  asked(op: string): Record<string, unknown> {
    const request = this.sent.findLast(one => one['op'] === op);
    if (request === undefined) throw new Error(`no ${op} among ${JSON.stringify(this.sent)}`);
    return request;
  }

  async ack(fields: Record<string, unknown> = {}): Promise<void> {
    const { id, filterId } = this.asked('subscribe');
    this.say({ type: 'ack', id, filterId, streams: 1, ...fields });
    await settle();
  }
}

export function trade(seq: number, prev: number | null, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'data', stream: 'binance:BTC-USDT:trade', seq, prev, epoch: 'e1', conflated: 0, snapshot: false,
    data: { venue: 'binance', instrument: 'BTC-USDT', symbol: 'BTCUSDT', id: seq, price: '1.5', quantity: '2', side: 'buy' }, ...more,
  };
}
