// A made-up market: every price is a pure function of instrument and time, so that history, live candles, trades and quotes agree.

const second = 1_000_000;
export const intervals = {
  '1s': 1, '5s': 5, '15s': 15, '30s': 30, '1m': 60, '3m': 180, '5m': 300, '15m': 900, '30m': 1800, '1h': 3600, '2h': 7200, '4h': 14400,
  '6h': 21600, '12h': 43200, '1d': 86400, '1w': 604800,
};
const monday = 4 * 86400;

export const instruments = [
  ['binance', 'BTC-USDT', 'BTCUSDT', 'spot', 91234.56, '0.01', 5],
  ['binance', 'ETH-USDT', 'ETHUSDT', 'spot', 3120.4, '0.01', 4],
  ['binance', 'SOL-USDT', 'SOLUSDT', 'spot', 142.35, '0.01', 3],
  ['binance', 'BNB-USDT', 'BNBUSDT', 'spot', 905.1, '0.01', 3],
  ['binance', 'XRP-USDT', 'XRPUSDT', 'spot', 2.1845, '0.0001', 1],
  ['binance', 'DOGE-USDT', 'DOGEUSDT', 'spot', 0.16042, '0.00001', 0],
  ['binance-futures', 'BTC-USDT-PERP', 'BTCUSDT', 'perpetual', 91260, '0.1', 3],
  ['binance-futures', 'ETH-USDT-PERP', 'ETHUSDT', 'perpetual', 3121, '0.01', 3],
  ['okx', 'BTC-USDT', 'BTC-USDT', 'spot', 91236.1, '0.1', 5],
  ['okx', 'BTC-USDT-PERP', 'BTC-USDT-SWAP', 'perpetual', 91261.1, '0.1', 0],
  ['bybit', 'BTC-USDT', 'BTCUSDT', 'spot', 91233, '0.01', 5],
  ['solana', 'So11111111111111111111111111111111111111112', 'So11111111111111111111111111111111111111112', 'token', 0.0000123, null, 0],
].map(([venue, instrument, symbol, kind, price, step, quantityDigits], index) => {
  const [base, quote] = kind === 'token' ? [instrument, ''] : instrument.split('-');
  const digits = step === null ? 10 : step.split('.')[1].length;
  const exchange = venue.split('-')[0].toUpperCase();
  const tradingView = kind === 'perpetual' ? `${exchange}:${base}${quote}.P` : kind === 'token' ? `${exchange}:${instrument}` : `${exchange}:${base}${quote}`;
  const ccxt = kind === 'perpetual' ? `${base}/${quote}:${quote}` : `${base}/${quote}`;
  return {
    venue, instrument, symbol, kind, base, quote, price, step, digits, quantityDigits, index, tradingView,
    key: `${venue}:${instrument}`, aliases: kind === 'token' ? [] : [ccxt, tradingView, symbol],
  };
});

function chance(seed, n) {
  let x = Math.imul(n ^ (n / 4294967296), 2654435761) ^ Math.imul(seed + 1, 40503);
  x = Math.imul(x ^ (x >>> 15), 2246822519);
  x = Math.imul(x ^ (x >>> 13), 3266489917);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

// Noise over many time scales, each of the size a random walk would have: looks like a market from one second to a year.
export function priceAt(one, seconds) {
  let sum = 0;
  for (let k = 0, period = 2; k < 22; k++, period *= 2) {
    const at = seconds / period;
    const cell = Math.floor(at);
    const share = at - cell;
    const smooth = share * share * (3 - 2 * share);
    sum += (chance(one.index * 31 + k, cell) * (1 - smooth) + chance(one.index * 31 + k, cell + 1) * smooth - 0.5) * Math.sqrt(period) * 0.00009;
  }
  return one.price * Math.exp(sum);
}

export const text = (value, digits) => {
  const fixed = value.toFixed(digits);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
};

export function windowOf(interval, micros) {
  const length = intervals[interval] * second;
  const shift = interval === '1w' ? monday * second : 0;
  return Math.floor((micros - shift) / length) * length + shift;
}

/** The candle that opens at `openTime`, as far as it has come by `now`. */
export function candleAt(one, interval, openTime, now) {
  const length = intervals[interval];
  const start = openTime / second;
  const end = Math.min(start + length, now / second);
  const points = Math.max(2, Math.min(24, Math.ceil(end - start)));
  const prices = Array.from({ length: points + 1 }, (_, i) => priceAt(one, start + ((end - start) * i) / points));
  const wick = prices[0] * 0.00003 * Math.sqrt(length);
  const final = now / second >= start + length;
  const body = Math.abs(prices[points] - prices[0]) / prices[0] / Math.sqrt(length);
  const volume = (20 / Math.sqrt(one.price)) * length * (0.25 + chance(one.index, start) ** 2 + body * 900) * ((end - start) / length);
  const shown = value => text(value, one.digits);
  return {
    openTime, closeTime: openTime + length * second, final,
    open: shown(prices[0]), close: shown(prices[points]),
    high: shown(Math.max(...prices) + wick * chance(7, start)), low: shown(Math.min(...prices) - wick * chance(8, start)),
    volume: text(volume, one.quantityDigits || 2),
  };
}

export function bookAt(one, micros, depth = 20) {
  const step = one.step === null ? 1e-10 : Number(one.step);
  const mid = priceAt(one, micros / second);
  const tick = Math.max(1, Math.round((mid * 0.00002) / step));
  const best = Math.floor(mid / step);
  const beat = Math.floor(micros / 250_000);
  const level = (side, i) => {
    const at = side === 'bid' ? best - i * tick : best + tick + i * tick;
    const size = (40 / Math.sqrt(one.price)) * (0.2 + 3 * chance(at, Math.floor(beat / (4 + (at % 9)))) ** 3) * (1 + i * 0.12);
    return [text(at * step, one.digits), text(size, one.quantityDigits || 2)];
  };
  return {
    bids: Array.from({ length: depth }, (_, i) => level('bid', i)),
    asks: Array.from({ length: depth }, (_, i) => level('ask', i)),
  };
}

/** An instrument by any of its names. */
export function find(name) {
  const wanted = String(name).toUpperCase();
  return instruments.find(one => one.key.toUpperCase() === wanted)
    ?? instruments.find(one => [one.instrument, one.symbol, ...one.aliases].some(alias => alias.toUpperCase() === wanted));
}
