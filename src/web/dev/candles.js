// The Socket.IO candle service with made-up data.

import { Server } from 'socket.io';
import { candleAt, find, intervals, windowOf } from './market.js';

const now = () => Date.now() * 1000;
const spelled = interval => String(interval).toLowerCase().replace(/^([smhdw])(\d+)$/, '$2$1');

export class MockCandles {
  #io;
  #rooms = new Map();

  constructor(state, server) {
    this.#io = new Server(server, {
      cors: { origin: '*' }, destroyUpgrade: false, pingInterval: 25_000, pingTimeout: 60_000,
      allowRequest: (_, decide) => decide(null, !state.down),
    });
    this.#io.on('connection', socket => this.#accept(socket));
    setInterval(() => {
      for (const [room, { one, symbol, interval, name, last }] of this.#rooms) {
        if (!state.isLive(one, 'trade')) continue;
        const openTime = windowOf(name, now());
        const rows = last < openTime ? [last, openTime] : [openTime];
        this.#rooms.get(room).last = openTime;
        for (const time of rows) this.#publish(room, one, symbol, interval, name, time);
      }
    }, 250);
  }

  drop() {
    this.#io.disconnectSockets(true);
  }

  #accept(socket) {
    const strings = socket.handshake.query.strings === '1';
    const rows = row => (strings ? row : numbers(row));
    socket.emit('connection_success', {
      client_id: socket.id, server_time: Date.now(), supported_intervals: Object.keys(intervals).map(one => one.replace(/^(\d+)(.)$/, '$2$1')),
    });
    const check = ({ symbol, interval } = {}) => {
      const one = find(symbol);
      const name = spelled(interval);
      const code = !one ? 'INVALID_SYMBOL' : !intervals[name] ? 'INVALID_INTERVAL' : undefined;
      if (code) socket.emit('error', { code, message: code });
      return code ? undefined : { one, name, symbol, interval };
    };
    const history = ({ one, name, symbol, interval }, limit = 100, to = Infinity) => {
      const length = intervals[name];
      const oldest = Math.floor(windowOf(name, now()) / 1e6) - 3000 * length;
      let time = Math.min(Math.floor(windowOf(name, now()) / 1e6), Math.ceil((to - (windowOf(name, to * 1e6 || 0) / 1e6 % length)) / length) * length);
      if (!Number.isFinite(time)) time = windowOf(name, now()) / 1e6;
      while (time >= to) time -= length;
      const data = [];
      for (; data.length < Math.min(limit, 1000) && time >= oldest; time -= length) data.unshift(rows(row(candleAt(one, name, time * 1e6, now()))));
      socket.emit('history_data', { symbol, interval, data, has_more: time >= oldest, total_count: 3000 });
    };
    socket.on('subscribe', (request, ack) => {
      const wanted = check(request);
      if (!wanted) return ack?.({ success: false });
      const room = `kline:${wanted.symbol}:${wanted.interval}${strings ? ':s' : ''}`;
      socket.join(room);
      this.#rooms.set(room, { ...wanted, last: windowOf(wanted.name, now()) });
      const confirmed = { symbol: wanted.symbol, interval: wanted.interval, subscription_id: request.subscription_id ?? room };
      socket.emit('subscription_confirmed', confirmed);
      ack?.(confirmed);
      history(wanted, request.limit ?? 100);
    });
    socket.on('history', (request, ack) => {
      const wanted = check(request);
      if (wanted) history(wanted, request.limit, request.to);
      ack?.({ success: !!wanted });
    });
    socket.on('unsubscribe', ({ symbol, interval } = {}, ack) => {
      socket.leave(`kline:${symbol}:${interval}${strings ? ':s' : ''}`);
      socket.emit('unsubscription_confirmed', { symbol, interval });
      ack?.({ symbol, interval });
    });
  }

  #publish(room, one, symbol, interval, name, openTime) {
    const candle = candleAt(one, name, openTime, now());
    const data = { ...row(candle), is_final: candle.final, update_type: candle.final ? 'final' : 'realtime', update_count: 1 };
    this.#io.to(room).emit('kline_data', { symbol, interval, timestamp: Date.now(), data: room.endsWith(':s') ? data : numbers(data) });
  }
}

const row = ({ openTime, open, high, low, close, volume, final }) => ({
  time: openTime / 1e6, open, high, low, close, volume, is_final: final, update_type: final ? 'final' : 'realtime', update_count: 1,
});

const numbers = row => ({ ...row, ...Object.fromEntries(['open', 'high', 'low', 'close', 'volume'].map(name => [name, Number(row[name])])) });
