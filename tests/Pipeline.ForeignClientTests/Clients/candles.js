// The official client before the candle service of a whole stack: history, a hundred live updates of each series at least, then a final.
// Prints every candle it is given as a line: {"form","event","symbol","interval","timestamp","candle"}; of a history, as many lines.
// usage: node candles.js URL INTERVAL SYMBOL…
'use strict';
const { io } = require('socket.io-client');

const [, , url, interval, ...symbols] = process.argv;
const [updates, patience] = [100, 60_000];
const lines = [];

function connect(options) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options });
  const ended = new Promise((_, reject) => {
    socket.on('connect_error', reject);
    socket.on('disconnect', reason => reject(new Error(reason)));
    socket.on('error', ({ code, message }) => reject(new Error(`${code} ${message}`)));
  });
  return { socket, ended, connected: new Promise(resolve => socket.on('connection_success', resolve)) };
}

/** Until every series has closed candles: only then is there a history to see. */
async function past() {
  const { socket, ended, connected } = connect({});
  await Promise.race([connected, ended]);
  for (const symbol of symbols) {
    const closed = async () => {
      const { data } = await Promise.race([socket.timeout(patience).emitWithAck('history', { symbol, interval }), ended]);
      return data.filter(candle => candle.is_final).length;
    };
    while (await closed() < 2) await new Promise(resolve => setTimeout(resolve, 100));
  }
  ended.catch(() => undefined);
  socket.close();
}

/** Subscribes to every series; done when each has had its updates and, after them, a final. */
async function watch(form, options) {
  const { socket, ended, connected } = connect(options);
  const counts = new Map(symbols.map(symbol => [symbol, 0]));
  const write = (event, { symbol, timestamp }, candle) => lines.push(JSON.stringify({ form, event, symbol, interval, timestamp, candle }));
  const done = new Promise(resolve => {
    socket.on('history_data', history => history.data.forEach(candle => write('history_data', history, candle)));
    socket.on('kline_data', update => {
      write('kline_data', update, update.data);
      const count = counts.get(update.symbol) + 1;
      counts.set(update.symbol, count > updates && update.data.is_final ? Infinity : count);
      if ([...counts.values()].every(one => one === Infinity)) resolve();
    });
  });
  await Promise.race([connected, ended]);
  for (const symbol of symbols) socket.emit('subscribe', { symbol, interval });
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error(`${form}: not enough within ${patience} ms`)), patience));
  await Promise.race([done, ended, late]);
  ended.catch(() => undefined);
  socket.close();
}

(async () => {
  await past();
  await Promise.all([watch('numbers', {}), watch('strings', { transports: ['websocket'], query: { strings: '1' } })]);
  process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0));
})().catch(error => {
  console.error(error);
  process.exit(1);
});
