// The parts of the HTTP API that the page reads, the page itself, and what makes the mock misbehave.

import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { find, instruments, priceAt } from './market.js';

const page = fileURLToPath(new URL('../../../artifacts/web/', import.meta.url));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export class MockHttp {
  #state;

  constructor(state) {
    this.#state = state;
  }

  async handle(request, response) {
    if (this.#state.down) return void request.socket.destroy();
    const url = new URL(request.url, 'http://x');
    const body = this.#api(url.pathname, url.searchParams);
    if (body !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const path = normalize(url.pathname === '/' ? '/index.html' : decodeURIComponent(url.pathname));
    try {
      const content = await readFile(join(page, path));
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-security-policy': policy }).end(content);
    } catch {
      response.writeHead(404).end('not found');
    }
  }

  #api(path, query) {
    switch (path) {
      case '/api/time': return { serverTime: Date.now() * 1000, unix: Math.floor(Date.now() / 1000) };
      case '/api/streams': return { streams: this.#streams(), collectors: this.#venues() };
      case '/api/gaps': return { gaps: [] };
      case '/api/websocket/metrics': return this.#metrics();
      case '/udf/search': return this.#search(query.get('query') ?? '', Number(query.get('limit') ?? 30));
      case '/udf/history': return { s: 'ok', t: [Number(query.get('to'))], c: [priceAt(find(query.get('symbol')), Number(query.get('to')))] };
      case '/udf/symbols': return this.#symbol(query.get('symbol'));
      case '/mock/health': return { known: this.#state.setHealth(query.get('stream'), query.get('state'), query.get('reason') ?? 'silent') };
      case '/mock/drop': return void this.#state.onDrop(Number(query.get('code') ?? 0), query.get('reason') ?? '') ?? {};
      case '/mock/down':
        this.#state.downUntil = Date.now() + Number(query.get('seconds') ?? 10) * 1000;
        setTimeout(() => this.#state.onDrop(0, ''), 20);
        return {};
      default: return undefined;
    }
  }

  #streams() {
    const rates = { trade: 5, quote: 10, book: 9.6, ticker: 1 };
    return [...this.#state.health.values()].map((one, i) => ({
      stream: `${one.venue}:${one.instrument}:${one.dataType}`, venue: one.venue, instrument: one.instrument, dataType: one.dataType, state: one.state,
      reason: one.reason, since: one.since, lastEventTime: Date.now() * 1000, lastReceivedTime: Date.now() * 1000, rate: rates[one.dataType] * (0.7 + ((i * 7) % 10) / 15), age: 180_000, records: 9000,
      seq: 1, subscribers: 1,
    }));
  }

  #venues() {
    const uptimeSeconds = Math.floor((Date.now() - this.#state.started) / 1000) + 93_784;
    return [...new Set(instruments.map(one => one.venue))].map((venue, i) => {
      const records = [...this.#state.health.values()].filter(one => one.venue === venue);
      const count = state => records.filter(one => one.state === state).length;
      return {
        collector: 'collector-1', venue, time: Date.now() * 1000, state: 'running', reason: count('stale') > 0 ? `${count('stale')} stale streams` : null,
        uptimeSeconds, connections: { total: i === 0 ? 2 : 1, open: i === 0 ? 2 : 1 },
        streams: {
          wanted: records.length, confirmed: records.length, starting: count('starting'), fresh: count('fresh'), quiet: count('quiet'),
          stale: count('stale'), paused: 0, stopped: 0,
        },
        messages: uptimeSeconds * 120, messagesPerSecond: 130 - i * 17 + Math.floor(Math.random() * 20), bytes: uptimeSeconds * 24_000, bytesPerSecond: 21_000,
        lag: 18_000 + Math.floor(Math.random() * 6000), reconnects: i, disconnects: i, connectFailures: 0, holes: i * 3, missing: i * 14, deadLetters: 0,
        dropped: 0, memoryBytes: 143_000_000, queue: { name: '', length: 0, capacity: 0 },
      };
    });
  }

  #metrics() {
    return {
      latency: { p50: 1.4, p95: 3.9, p99: 8.2 }, rates: { messagesPerSecond: 412, bytesPerSecond: 96_000 }, connections: 3, errors: 0,
      cpu: 0.07, memory: 118_000_000, bytes: 402_000_000,
    };
  }

  #search(query, limit) {
    const plain = text => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
    return instruments.filter(one => [one.key, one.instrument, ...one.aliases].some(name => plain(name).includes(plain(query)))).slice(0, limit).map(one => ({
      symbol: one.instrument, full_name: one.key, description: one.kind === 'token' ? one.instrument : `${one.base} / ${one.quote} ${one.kind}`,
      exchange: one.venue, ticker: one.key, type: 'crypto',
    }));
  }

  #symbol(name) {
    const one = find(name);
    if (!one) return { s: 'error', errmsg: 'unknown_symbol' };
    return {
      name: one.instrument, ticker: one.key, description: one.key, exchange: one.venue, listed_exchange: one.venue, type: 'crypto', session: '24x7',
      timezone: 'Etc/UTC', minmov: 1, pricescale: 10 ** one.digits, has_intraday: true, has_seconds: true, has_daily: true,
    };
  }
}
