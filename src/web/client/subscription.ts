import { matches } from './matching.ts';
import type { Ack, DataMessage, Filter } from './messages.ts';
import type { RecordOf } from './records.ts';

/** A message as it is handed to a subscriber: the frame, and the three parts of its stream's name. */
export type Delivery<T extends string = string> = T extends unknown
  ? DataMessage<RecordOf<T>> & { venue: string; instrument: string; dataType: T }
  : never;

/** A filter that was asked for, and is asked for again after every reconnect until `unsubscribe`. */
export class Subscription {
  /** The first acknowledgement; rejected with a `RefusedError` when the gateway does not accept the filter. */
  readonly ready: Promise<Ack>;
  #resolve!: (ack: Ack) => void;
  #reject!: (error: Error) => void;
  #streams = 0;
  #ended = false;
  #acked = false;

  /** @internal */
  constructor(
    readonly id: string,
    readonly filter: Filter,
    readonly deliver: (message: Delivery) => void,
    private readonly end: (subscription: Subscription) => Promise<void>,
  ) {
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever does not look at `ready` hears of a refusal by the client's `error` event.
    this.ready.catch(() => undefined);
  }

  /** Streams the filter matched when it was acknowledged last. */
  get streams(): number {
    return this.#streams;
  }

  /** Unsubscribed or refused: no more messages come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Confirmed at least once. */
  get acked(): boolean {
    return this.#acked;
  }

  unsubscribe(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    this.#ended = true;
    this.#reject(new Error('unsubscribed'));
    return this.end(this);
  }

  /** @internal */
  confirm(ack: Ack): void {
    this.#acked = true;
    this.#streams = ack.streams;
    this.#resolve(ack);
  }

  /** @internal */
  refuse(error: Error): void {
    this.#ended = true;
    this.#reject(error);
  }

  /** @internal */
  matches(stream: string, symbol: string | undefined): boolean {
    return matches(this.filter, stream, symbol);
  }
}
