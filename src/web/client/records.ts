// What is on the wire: the records as they are on the topics. Times are microseconds since the Unix epoch, UTC; prices and quantities
// are decimal texts, equal in value to the last digit to what the venue sent. Turn them into numbers only to draw.

/** An exact decimal, such as "91234.56". */
export type Decimal = string;

/** Microseconds since the Unix epoch, UTC. */
export type Micros = number;

export type CandleInterval =
  | '1s' | '5s' | '15s' | '30s' | '1m' | '3m' | '5m' | '15m' | '30m' | '1h' | '2h' | '4h' | '6h' | '12h' | '1d' | '1w';

export type DataType = 'trade' | 'quote' | 'book' | 'ticker' | 'gap' | 'health' | `candle:${CandleInterval}`;

interface OfInstrument {
  venue: string;
  instrument: string;
  symbol?: string;
}

export interface Trade extends OfInstrument {
  id: number;
  price: Decimal;
  quantity: Decimal;
  /** Who took liquidity. */
  side: 'buy' | 'sell';
  eventTime: Micros;
  receivedTime: Micros;
  source: 'live' | 'repair' | 'replay';
}

export interface Quote extends OfInstrument {
  bid: Decimal;
  bidQuantity: Decimal;
  ask: Decimal;
  askQuantity: Decimal;
  updateId: number;
  eventTime: Micros | null;
  receivedTime: Micros;
  minor?: true;
}

/** [price, quantity]; a quantity of "0" in an update deletes the level. */
export type BookLevel = [price: Decimal, quantity: Decimal];

export interface Book extends OfInstrument {
  /** The whole book, levels that changed since the record whose updateId is `prev`, or the best few levels for themselves. */
  kind: 'snapshot' | 'update' | 'partial';
  updateId: number;
  prev: number | null;
  bids: BookLevel[];
  asks: BookLevel[];
  eventTime: Micros | null;
  receivedTime: Micros;
  minor?: true;
}

export interface Candle extends OfInstrument {
  interval: CandleInterval;
  openTime: Micros;
  closeTime: Micros;
  open: Decimal;
  high: Decimal;
  low: Decimal;
  close: Decimal;
  volume: Decimal;
  quoteVolume: Decimal;
  takerBuyVolume: Decimal | null;
  trades: number | null;
  firstId: number;
  lastId: number;
  state: 'forming' | 'final' | 'revised';
  revision: number;
  complete: boolean;
  updates: number;
  source: 'trades' | 'prices' | 'mixed' | 'venue';
}

export interface Gap extends OfInstrument {
  fromId: number;
  toId: number;
  state: 'open' | 'repaired' | 'abandoned' | 'venue-silent' | 'reset';
  reason: string;
  missing: [from: number, to: number][];
  series: number;
  fromTime: Micros;
  toTime: Micros;
  openedTime: Micros;
  updatedTime: Micros;
  announced: boolean;
  tradesOffset: number | null;
}

export type HealthState = 'starting' | 'fresh' | 'quiet' | 'stale' | 'paused' | 'stopped';

export interface Health extends OfInstrument {
  /** The stream the record is about; a stream of health itself is named `venue:instrument:health`. */
  dataType: string;
  state: HealthState;
  reason: string;
  connection: string | null;
  since: Micros;
  lastEventTime: Micros | null;
  lastReceivedTime: Micros | null;
  outage: Micros | null;
}

/** Fields of a ticker differ between venues; those all have are named. */
export interface Ticker extends OfInstrument {
  eventTime: Micros | null;
  receivedTime: Micros;
  [field: string]: unknown;
}

/** The record of a data type. */
export type RecordOf<T extends string> =
  T extends 'trade' ? Trade :
  T extends 'quote' ? Quote :
  T extends 'book' ? Book :
  T extends 'ticker' ? Ticker :
  T extends 'gap' ? Gap :
  T extends 'health' ? Health :
  T extends `candle:${string}` ? Candle :
  unknown;
