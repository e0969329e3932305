// The npm package binance (tiagosiebler), unchanged but for its addresses. Prints one line of JSON with what it saw.
// usage: node binance.js SYMBOL REST_URL WS_URL
const { MainClient, WebsocketClient } = require('binance');

const [, , symbol, rest, ws] = process.argv;
const seen = { trades: [], books: [], candles: [] };

(async () => {
  const client = new MainClient({ baseUrl: rest });
  const info = await client.getExchangeInfo();
  const recent = await client.getAggregateTrades({ symbol, limit: 5 });
  const depth = await client.getOrderBook({ symbol, limit: 100 });
  const sockets = new WebsocketClient({ beautify: true, wsUrl: ws });
  const done = new Promise((resolve, reject) => {
    sockets.on('exception', reject);
    sockets.on('formattedMessage', message => {
      if (message.eventType === 'trade') {
        seen.trades.push({
          id: String(message.tradeId), price: String(message.price), quantity: String(message.quantity),
          side: message.maker ? 'sell' : 'buy', time: message.tradeTime ?? message.time,
        });
      } else if (message.eventType === 'kline') {
        seen.candles.push({ open: message.kline.startTime, close: String(message.kline.close), closed: message.kline.final });
      } else if (message.eventType === 'depthUpdate') {
        seen.books.push({ first: message.firstUpdateId, last: message.lastUpdateId });
      }
      if (seen.trades.length >= 40 && seen.candles.length >= 2 && seen.books.length >= 10) resolve();
    });
  });
  const name = symbol.toLowerCase();
  await sockets.subscribe([`${name}@trade`, `${name}@kline_1m`, `${name}@depth@100ms`], 'main');
  await done;
  console.log(JSON.stringify({
    symbols: info.symbols.map(one => one.symbol), recent: recent.length, depth: depth.lastUpdateId, ...seen,
  }));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
