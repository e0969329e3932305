// The frames of the protocol. Its whole description is the gateway's AsyncAPI document.

import type { DataType } from './records.ts';

/** Which streams are wanted. A field that is left out or empty means all. Symbols may be spelled as we, ccxt, TradingView or the venue do. */
export interface Filter {
  exchange?: string[];
  symbols?: string[];
  dataTypes?: (DataType | (string & {}))[];
  /** Also what the display filter has marked as minor. */
  minor?: boolean;
}

/** Where each stream was left: `seq` by stream name, in the log named by `epoch`. */
export interface Position {
  epoch: string;
  streams: Record<string, number>;
}

export interface SubscribeRequest {
  op: 'subscribe';
  id: string;
  filterId: string;
  filters: Filter;
  /** Most messages a second this client wants of those that may be conflated; 0 = no limit. What may not be is never held back. */
  maxRate?: number;
  resume?: Position;
}

/** The answer to `subscribe` and `unsubscribe`. */
export interface Ack {
  type: 'ack';
  id: string;
  filterId?: string;
  /** Streams the filter matches now. */
  streams: number;
  /** Told when the request said where to resume: true = nothing is missing; false = the replay window did not reach back, snapshots follow. */
  recovered?: boolean;
  /** Streams of which something may be missing, with `recovered: false`; a thousand at most. */
  notRecovered?: string[];
  /** Positions in `symbols` that no instrument bears; they are joined should one come. */
  unknown?: number[];
  /** Positions in `symbols` that stand for several instruments: name the exchange too. */
  ambiguous?: number[];
}

/** One record of one stream. */
export interface DataMessage<T = unknown> {
  type: 'data';
  /** `venue:instrument:dataType` */
  stream: string;
  /** Rises within the stream, not by one; the same from every gateway. */
  seq: number;
  /** `seq` of the preceding trade, or final or revised candle, of this stream; absent or null where there is none or it is not known. */
  prev?: number | null;
  /** Names the log. With another one, a `seq` means nothing any more. */
  epoch: string;
  /** How many older records of the same key this one stands for. */
  conflated: number;
  /** The state at the time of subscribing, not news. */
  snapshot: boolean;
  data: T;
}

export interface ErrorMessage {
  type: 'error';
  /** The request it answers; absent when it answers none. */
  id?: string;
  code: string;
  message: string;
  retryAfterMs?: number;
}

/** The log is another one from here on: positions are void, snapshots follow. */
export interface EpochMessage {
  type: 'epoch';
  epoch: string;
  recovered: false;
}

/** Anything else that answers a request: `pong`, lists, figures. */
export interface Answer {
  type: string;
  id?: string;
  [field: string]: unknown;
}

export type ServerMessage = Ack | DataMessage | ErrorMessage | EpochMessage | Answer;
