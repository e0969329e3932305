// What both scripts share: the official client, and small helpers. No assertion library, no framework: plain Node 18 or newer.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

function load() {
  const folders = [import.meta.url, new URL('../../artifacts/foreign/', import.meta.url), `file://${process.cwd()}/`];
  for (const folder of folders) {
    try {
      return createRequire(folder)('socket.io-client');
    } catch {
      // Looked for elsewhere.
    }
  }
  console.error(`socket.io-client is missing: npm install socket.io-client@4 in ${fileURLToPath(new URL('.', import.meta.url))}`);
  process.exit(2);
}

export const { io } = load();

export const sleep = milliseconds => new Promise(done => setTimeout(done, milliseconds));

/** Everything that arrives, in order, and waiting for it. */
export class Client {
  constructor(url, options = {}) {
    this.events = [];
    this.waiting = [];
    this.socket = io(url, { forceNew: true, reconnectionDelay: 100, ...options });
    this.socket.onAny((name, data) => {
      this.events.push({ name, data, at: Date.now() });
      this.waiting = this.waiting.filter(check => !check());
    });
  }

  emit(name, data) {
    this.socket.emit(name, data);
  }

  /** The acknowledgement. */
  ask(name, data, limit = 10_000) {
    return this.socket.timeout(limit).emitWithAck(name, data);
  }

  /** Those of a name that fit, from a place on. */
  of(name, fits = () => true) {
    return this.events.filter(one => one.name === name && fits(one.data)).map(one => one.data);
  }

  /** The first event that fits, from `from` on, or an error in time. */
  next(name, fits = () => true, { from = 0, limit = 15_000 } = {}) {
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no ${name} within ${limit} ms`)), limit);
      const check = () => {
        const found = this.events.slice(from).find(one => one.name === name && fits(one.data));
        if (found) {
          clearTimeout(timer);
          done(found.data);
        }
        return found;
      };
      if (!check()) {
        this.waiting.push(check);
      }
    });
  }

  async until(condition, what, limit = 30_000) {
    const began = Date.now();
    while (!condition()) {
      if (Date.now() - began > limit) {
        throw new Error(`${what} did not come about within ${limit} ms`);
      }
      await sleep(20);
    }
  }

  close() {
    this.socket.close();
  }
}

export const quantile = (values, part) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};
