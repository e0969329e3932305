// ccxt, unchanged but for its addresses, against the simulator. Prints one line of JSON with what it saw.
// usage: node ccxt.js binance|okx MARKET REST_URL WS_URL
const ccxt = require('ccxt');

const [, , id, symbol, rest, ws] = process.argv;
const exchange = new ccxt.pro[id]({ newUpdates: true, timeout: 60000 }); // a busy machine may keep an answer waiting
if (id === 'binance') {
  exchange.options.fetchMarkets = { types: ['spot'] };
  exchange.urls.api.public = rest + '/api/v3';
  exchange.urls.api.ws.spot = ws + '/ws';
} else {
  exchange.options.fetchMarkets = { types: ['spot', 'swap'] };
  exchange.urls.api.rest = rest;
  exchange.urls.api.ws = ws + '/ws/v5';
}

const enough = 40;

async function trades() {
  const seen = [];
  while (seen.length < enough) seen.push(...await exchange.watchTrades(symbol));
  return seen.map(trade => ({
    id: trade.id, price: String(trade.price), quantity: String(trade.amount), side: trade.side, time: trade.timestamp,
  }));
}

async function candles() {
  const seen = new Map();
  for (let updates = 0; updates < 3; updates++) {
    for (const candle of await exchange.watchOHLCV(symbol, '1m')) seen.set(candle[0], candle);
  }
  return [...seen.values()];
}

async function book() {
  let seen;
  for (let updates = 0; updates < 10; updates++) seen = await exchange.watchOrderBook(symbol);
  // A copy through text: the client goes on changing the levels in place.
  return JSON.parse(JSON.stringify({ id: seen.nonce, bids: seen.bids.slice(0, 10), asks: seen.asks.slice(0, 10) }));
}

(async () => {
  await exchange.loadHttpProxyAgent(); // it wants this once for addresses without TLS
  const markets = await exchange.loadMarkets();
  const [seenTrades, seenCandles, seenBook] = await Promise.all([trades(), candles(), book()]);
  const closed = await exchange.fetchOHLCV(symbol, '1m', undefined, 5);
  const ticker = await exchange.fetchTicker(symbol);
  console.log(JSON.stringify({
    markets: Object.keys(markets), trades: seenTrades, candles: seenCandles, book: seenBook, history: closed, last: ticker.last,
  }));
  await exchange.close();
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
