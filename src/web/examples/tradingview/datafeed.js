// A datafeed for TradingView's charting library: history over the gateway's UDF paths, live bars over its candle service.
// Needs socket.io-client (`io`); the library itself comes from TradingView.
//
//   new TradingView.widget({ symbol: 'binance:BTC-USDT', interval: '1', datafeed: new PipelineDatafeed('http://127.0.0.1:8080', io), … })

export class PipelineDatafeed {
  constructor(gateway, io) {
    this.gateway = gateway;
    this.socket = io(gateway, { path: '/socket.io/' });
    this.watching = new Map();
    this.socket.on('kline_data', update => this.#take(update));
    // A connection that could not be recovered is a new one: it has no subscriptions, and bars may be missing.
    this.socket.on('connect', () => {
      if (this.socket.recovered) {
        return;
      }
      for (const one of this.watching.values()) {
        this.socket.emit('subscribe', { symbol: one.symbol, interval: one.interval, subscription_id: one.id });
        one.onResetCacheNeeded?.();
      }
    });
  }

  async onReady(callback) {
    callback(await this.#get('config'));
  }

  async searchSymbols(query, exchange, type, onResult) {
    const rows = await this.#get('search', { query, exchange, type, limit: 30 });
    onResult(Array.isArray(rows) ? rows : []);
  }

  async resolveSymbol(symbol, onResolved, onError) {
    const info = await this.#get('symbols', { symbol });
    info.s === 'error' ? onError(info.errmsg) : onResolved(info);
  }

  async getBars(info, resolution, { from, to, countBack }, onResult, onError) {
    const bars = await this.#get('history', { symbol: info.ticker, resolution, from, to, countback: countBack });
    if (bars.s === 'error') {
      onError(bars.errmsg);
    } else if (bars.s === 'no_data') {
      onResult([], { noData: true, nextTime: bars.nextTime });
    } else {
      onResult(bars.t.map((time, i) => ({
        time: time * 1000, open: bars.o[i], high: bars.h[i], low: bars.l[i], close: bars.c[i], volume: bars.v[i],
      })));
    }
  }

  subscribeBars(info, resolution, onTick, id, onResetCacheNeeded) {
    const one = { id, symbol: info.ticker, interval: resolution, onTick, onResetCacheNeeded, newest: 0 };
    this.watching.set(id, one);
    this.socket.emit('subscribe', { symbol: one.symbol, interval: one.interval, subscription_id: id });
  }

  unsubscribeBars(id) {
    this.socket.emit('unsubscribe', { subscription_id: id });
    this.watching.delete(id);
  }

  #take({ symbol, interval, data }) {
    for (const one of this.watching.values()) {
      if (one.symbol !== symbol || one.interval !== interval) {
        continue;
      }
      // The library takes only the newest bar and later ones: a revision of an older bar is fetched with the history.
      if (data.time < one.newest) {
        one.onResetCacheNeeded?.();
        continue;
      }
      one.newest = data.time;
      one.onTick({ time: data.time * 1000, open: data.open, high: data.high, low: data.low, close: data.close, volume: data.volume });
    }
  }

  async #get(path, parameters = {}) {
    const wanted = Object.entries(parameters).filter(([, value]) => value !== undefined);
    const answer = await fetch(`${this.gateway}/udf/${path}?${new URLSearchParams(wanted)}`);
    return answer.json();
  }
}
