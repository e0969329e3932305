// The npm package okx-api, unchanged but for its addresses. Prints one line of JSON with what it saw.
// usage: node okx-api.js INSTRUMENT REST_URL WS_URL
const { RestClient, WebsocketClient } = require('okx-api');

const [, , instId, rest, ws] = process.argv;
const seen = { trades: [], candles: [], books: [], acks: [] };

function makeSocket(route, channels) {
  const sockets = new WebsocketClient({ wsUrl: `${ws}/ws/v5/${route}` });
  const failed = new Promise((_, reject) => sockets.on('exception', reject));
  sockets.on('response', answer => answer.event === 'subscribe' && seen.acks.push(answer.arg.channel));
  sockets.on('update', update => {
    for (const row of update.data) {
      if (update.arg.channel === 'trades') {
        seen.trades.push({
          id: row.tradeId, count: Number(row.count), price: row.px, quantity: row.sz, side: row.side, time: Number(row.ts),
        });
      } else if (update.arg.channel === 'books') {
        seen.books.push({ action: update.action, previous: row.prevSeqId, id: row.seqId, levels: row.bids.length + row.asks.length });
      } else {
        seen.candles.push(row);
      }
    }
  });
  sockets.subscribe(channels.map(channel => ({ channel, instId })));
  return failed;
}

(async () => {
  const client = new RestClient({ baseUrl: rest });
  const instruments = await client.getInstruments({ instType: 'SPOT' });
  const history = await client.getHistoricTrades({ instId, limit: '5' });
  const failed = [makeSocket('public', ['trades', 'books']), makeSocket('business', ['candle1m'])];
  const done = new Promise(resolve => {
    const timer = setInterval(() => {
      if (seen.trades.length >= 30 && seen.books.length >= 10 && seen.candles.length >= 2) {
        clearInterval(timer);
        resolve();
      }
    }, 20);
  });
  await Promise.race([done, ...failed]);
  console.log(JSON.stringify({
    instruments: instruments.map(one => one.instId), history: history.map(row => row.tradeId), ...seen,
  }));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
