// The plain WebSocket protocol with made-up data.

import { WebSocketServer } from 'ws';
import { bookAt, candleAt, find, instruments, intervals, priceAt, text, windowOf } from './market.js';

const now = () => Date.now() * 1000;

export class MockSockets {
  #state;
  #server;
  #clients = new Map();
  #seq = Date.now() - 1_790_000_000_000;
  #last = new Map();
  #windows = [];

  constructor(state, server) {
    this.#state = state;
    this.#server = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (new URL(request.url, 'http://x').pathname !== '/ws') return;
      if (state.down) socket.destroy();
      else this.#server.handleUpgrade(request, socket, head, client => this.#accept(client));
    });
    state.healthListeners.add(record => this.#publish(record, 'health', record, false));
    for (const one of instruments) {
      this.#later(() => this.#trade(one), () => -Math.log(Math.random()) * (200 + one.index * 60));
      this.#later(() => this.#quote(one), () => 150 + Math.random() * 150);
      this.#later(() => this.#book(one), () => 250);
    }
  }

  drop(code, reason) {
    for (const client of this.#clients.keys()) code ? client.close(code, reason) : client.terminate();
  }

  #later(call, wait) {
    setTimeout(() => {
      call();
      this.#later(call, wait);
    }, wait());
  }

  #accept(client) {
    const filters = new Map();
    this.#clients.set(client, filters);
    client.on('close', () => this.#clients.delete(client));
    client.on('message', data => {
      let request;
      try {
        request = JSON.parse(data);
      } catch {
        client.send(JSON.stringify({ type: 'error', code: 'INVALID_REQUEST', message: 'not JSON', retryAfterMs: 0 }));
        return;
      }
      this.#answer(client, filters, request);
    });
  }

  #answer(client, filters, { op, id, filterId, filters: filter, resume }) {
    const say = message => client.send(JSON.stringify({ id, ...message }));
    if (op === 'ping') say({ type: 'pong', serverTime: now() });
    else if (op === 'list') say({ type: 'list', filters: [...filters].map(([name, one]) => ({ filterId: name, filters: one.filter })) });
    else if (op === 'getStats') say({ type: 'stats', filters: filters.size });
    else if (op === 'unsubscribe') {
      filterId ? filters.delete(filterId) : filters.clear();
      say({ type: 'ack', filterId, streams: 0 });
    } else if (op === 'subscribe') this.#subscribe(client, filters, filterId, filter ?? {}, resume, say);
    else say({ type: 'error', code: 'UNKNOWN_OP', message: 'no such operation', retryAfterMs: 0 });
  }

  #subscribe(client, filters, filterId, filter, resume, say) {
    const venues = new Set(filter.exchange ?? []);
    const keys = new Set((filter.symbols ?? []).map(find).filter(Boolean).map(one => one.instrument));
    const types = new Set(filter.dataTypes ?? []);
    const wants = (venue, instrument, dataType) => (venues.size === 0 || venues.has(venue))
      && (!filter.symbols?.length || keys.has(instrument)) && (types.size === 0 || types.has(dataType));
    filters.set(filterId, { filter, wants });
    const snapshot = [...this.#last.values()].filter(({ record, dataType }) => dataType !== 'trade' && wants(record.venue, record.instrument, dataType));
    for (const record of this.#state.health.values()) {
      if (wants(record.venue, record.instrument, 'health')) snapshot.push({ record, dataType: 'health', seq: ++this.#seq });
    }
    const from = resume?.epoch === this.#state.epoch ? resume.streams : undefined;
    const window = from ? this.#windows.filter(one => one.seq > (from[one.stream] ?? Infinity)) : [];
    say({ type: 'ack', filterId, streams: snapshot.length, ...(resume && { recovered: from !== undefined }) });
    for (const { record, dataType, seq } of snapshot) client.send(this.#frame(record, dataType, record, true, seq, null));
    for (const { frame } of window) client.send(frame);
  }

  #publish(one, dataType, record, keep = true) {
    const stream = `${one.venue}:${one.instrument}:${dataType}`;
    const seq = ++this.#seq;
    const prev = dataType === 'trade' ? this.#last.get(stream)?.seq ?? null : null;
    const frame = this.#frame(one, dataType, record, false, seq, prev);
    if (keep) this.#last.set(stream, { record, dataType, seq });
    if (dataType === 'trade' && this.#windows.push({ stream, seq, frame }) > 5000) this.#windows.shift();
    for (const [client, filters] of this.#clients) {
      for (const { wants } of filters.values()) {
        if (!wants(one.venue, one.instrument, dataType)) continue;
        client.send(frame);
        break;
      }
    }
  }

  #frame(one, dataType, record, snapshot, seq, prev) {
    return JSON.stringify({
      type: 'data', stream: `${one.venue}:${one.instrument}:${dataType}`, seq, prev, epoch: this.#state.epoch, conflated: 0, snapshot, data: record,
    });
  }

  #trade(one) {
    if (!this.#state.isLive(one, 'trade')) return;
    const time = now();
    const { bids, asks } = bookAt(one, time, 1);
    const side = Math.random() < 0.5 ? 'buy' : 'sell';
    const price = one.kind === 'token' ? text(priceAt(one, time / 1e6), one.digits) : (side === 'buy' ? asks : bids)[0][0];
    const quantity = text((-Math.log(Math.random()) * 8) / Math.sqrt(one.price) + 10 ** -one.quantityDigits, one.quantityDigits);
    this.#publish(one, 'trade', {
      venue: one.venue, instrument: one.instrument, symbol: one.symbol, id: ++this.#seq, price, quantity, side,
      eventTime: time - 20_000, receivedTime: time - 2_000, source: 'live',
    });
    for (const interval of ['1m']) {
      const openTime = windowOf(interval, time);
      const candle = candleAt(one, interval, openTime, time);
      this.#publish(one, `candle:${interval}`, {
        venue: one.venue, instrument: one.instrument, interval, ...candle, final: undefined, quoteVolume: '0', takerBuyVolume: null, trades: 1,
        firstId: 0, lastId: 0, state: 'forming', revision: 0, complete: true, updates: 1, source: 'trades', closeTime: openTime + intervals[interval] * 1e6,
      });
    }
  }

  #quote(one) {
    if (one.kind === 'token' || !this.#state.isLive(one, 'quote')) return;
    const time = now();
    const { bids: [[bid, bidQuantity]], asks: [[ask, askQuantity]] } = bookAt(one, time, 1);
    this.#publish(one, 'quote', {
      venue: one.venue, instrument: one.instrument, symbol: one.symbol, updateId: ++this.#seq, bid, bidQuantity, ask, askQuantity,
      eventTime: time - 20_000, receivedTime: time - 2_000,
    });
  }

  #book(one) {
    if (one.kind === 'token' || !this.#state.isLive(one, 'book')) return;
    const time = now();
    this.#publish(one, 'book', {
      venue: one.venue, instrument: one.instrument, symbol: one.symbol, kind: 'snapshot', updateId: ++this.#seq, prev: null, ...bookAt(one, time),
      eventTime: time - 20_000, receivedTime: time - 2_000,
    });
  }
}
