// The contender of tardis-dev: its own mappers over the frames of a file, one a line.
// usage: NODE_PATH=DIR node --expose-gc tardis.js binance|okex FILE ROUNDS
// Prints one line of JSON: what was read, for the comparison, and the CPU seconds of each round.
const fs = require('fs');
const tardis = require('tardis-dev');

const [, , exchange, file, rounds] = process.argv;
const lines = [];
const bytes = fs.readFileSync(file);
for (let at = 0; at < bytes.length;) {
  const end = bytes.indexOf(10, at);
  lines.push(bytes.subarray(at, end));
  at = end + 1;
}

function makeMappers() {
  const now = new Date();
  const trades = tardis.normalizeTrades(exchange, now);
  const books = tardis.normalizeBookChanges(exchange, now);
  const quotes = tardis.normalizeBookTickers(exchange, now);
  if (exchange === 'binance') {
    // An aggregate has the fields of a trade: the same mapper may take it.
    const canHandle = trades.canHandle.bind(trades);
    trades.canHandle = message => canHandle(message) || (message.stream !== undefined && message.stream.endsWith('@aggTrade'));

    // A book is mapped only once its snapshot came: each symbol gets an empty one.
    for (const symbol of new Set(lines.map(line => JSON.parse(line).stream.split('@')[0]))) {
      const snapshot = { stream: symbol + '@depthSnapshot', data: { lastUpdateId: -1, bids: [], asks: [] } };
      for (const _ of books.map(snapshot, now)) { }
    }
  }

  return [trades, books, quotes];
}

function run(mappers) {
  const read = { trades: 0, prices: 0, quantities: 0, sells: 0, quotes: 0, levels: 0 };
  for (const line of lines) {
    const message = JSON.parse(line.toString('utf8'));
    const arrival = new Date();
    for (const mapper of mappers) {
      if (!mapper.canHandle(message)) continue;
      for (const mapped of mapper.map(message, arrival)) {
        if (mapped.type === 'trade') {
          read.trades++;
          read.prices += mapped.price;
          read.quantities += mapped.amount;
          if (mapped.side === 'sell') read.sells++;
        } else if (mapped.type === 'book_change') {
          read.levels += mapped.bids.length + mapped.asks.length;
        } else {
          read.quotes++;
        }
      }
    }
  }

  return read;
}

run(makeMappers()); // warm-up
const seconds = [];
let read;
for (let round = 0; round < +rounds; round++) {
  const mappers = makeMappers();
  global.gc();
  const before = process.cpuUsage();
  read = run(mappers);
  const used = process.cpuUsage(before);
  seconds.push((used.user + used.system) / 1e6);
}

console.log(JSON.stringify({ ...read, frames: lines.length, seconds }));
