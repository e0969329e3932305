// Health of the streams, counters, and whether the server is there at all.

import { instruments } from './market.js';

const types = { spot: ['trade', 'quote', 'book', 'ticker'], perpetual: ['trade', 'quote', 'book', 'ticker'], token: ['trade'] };

export class MockState {
  epoch = Math.random().toString(16).slice(2, 14);
  started = Date.now();
  downUntil = 0;
  health = new Map();
  healthListeners = new Set();
  onDrop = () => undefined;

  constructor() {
    for (const one of instruments) {
      for (const dataType of types[one.kind]) {
        this.#put(one, dataType, dataType === 'ticker' && one.venue === 'okx' ? ['quiet', 'probe-up-to-date'] : ['fresh', 'first-data']);
      }
    }
  }

  get down() {
    return Date.now() < this.downUntil;
  }

  isLive(one, dataType) {
    return this.health.get(`${one.key}:${dataType}`)?.state !== 'stale';
  }

  setHealth(stream, state, reason) {
    const record = this.health.get(stream);
    if (record === undefined) return false;
    this.#put(record, record.dataType, [state, reason]);
    for (const listener of this.healthListeners) listener(this.health.get(stream));
    return true;
  }

  #put({ venue, instrument, symbol }, dataType, [state, reason]) {
    const now = Date.now() * 1000;
    this.health.set(`${venue}:${instrument}:${dataType}`, {
      venue, instrument, symbol, dataType, state, reason, connection: state === 'stopped' ? null : `${venue}-1`, since: now,
      lastEventTime: now, lastReceivedTime: now, outage: null,
    });
  }
}
