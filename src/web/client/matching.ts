import type { Filter } from './messages.ts';

/**
 * Decides which of this client's own subscriptions a stream belongs to. The gateway alone knows every spelling of an instrument; here it
 * is enough to tell apart what this client asked for, by taking all spellings to one form.
 */
export function matches(filter: Filter, stream: string, symbol: string | undefined): boolean {
  const first = stream.indexOf(':');
  const second = stream.indexOf(':', first + 1);
  const venue = stream.slice(0, first);
  const instrument = stream.slice(first + 1, second);
  const dataType = stream.slice(second + 1);
  return anyOf(filter.exchange, one => one.toLowerCase() === venue)
    && anyOf(filter.dataTypes, one => one === dataType || plainInterval(one) === dataType)
    && anyOf(filter.symbols, one => sameInstrument(one, venue, instrument, symbol));
}

function anyOf(wanted: readonly string[] | undefined, test: (one: string) => boolean): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.some(test);
}

function sameInstrument(wanted: string, venue: string, instrument: string, symbol: string | undefined): boolean {
  if (wanted === instrument || wanted === symbol) return true;
  const form = plainSymbol(wanted, venue);
  return form === plainSymbol(instrument, venue) || (symbol !== undefined && form === plainSymbol(symbol, venue));
}

/** `BTC/USDT:USDT`, `BINANCE:BTCUSDT.P`, `BTC-USDT-SWAP` and `BTC-USDT-PERP` → `BTCUSDTPERP`. */
export function plainSymbol(spelling: string, venue = ''): string {
  let text = spelling.toUpperCase();
  // Venues of several markets share one name on TradingView: binance-futures:BTC-USDT-PERP is BINANCE:BTCUSDT.P there.
  const prefix = text.indexOf(':');
  if (prefix > 0 && !text.slice(0, prefix).includes('/') && (venue === '' || venue.toUpperCase().startsWith(text.slice(0, prefix).split('-')[0]!))) {
    text = text.slice(prefix + 1);
  }
  text = text.replace(/^([^:]+\/[^:]+):.+$/, '$1PERP').replace(/(\.P|-SWAP)$/, 'PERP');
  return text.replace(/[^A-Z0-9]/g, '');
}

/** `candle:m5` → `candle:5m`. */
function plainInterval(dataType: string): string {
  return dataType.replace(/^candle:([smhdw])(\d+)$/i, (_, unit: string, count: string) => `candle:${count}${unit.toLowerCase()}`);
}
