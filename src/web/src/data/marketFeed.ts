import { PipelineClient, type Book, type Delivery, type Gap, type Health, type Quote, type Subscription, type Trade } from '../../client/index.ts';
import { token } from './token.ts';

export interface MarketFeedEvents {
  trade(trade: Trade, snapshot: boolean): void;
  quote(quote: Quote): void;
  book(book: Book): void;
  gap(gap: Gap): void;
  health(health: Health): void;
  /** Something may be missing since the connection broke. */
  unrecovered(): void;
}

/** Everything but the candles, over `/ws`: health of all streams, and of one instrument trades, quotes, book and holes. */
export class MarketFeed {
  readonly client = new PipelineClient({ token, backoff: { max: 8000 } });
  #selected: Subscription | undefined;
  #key = '';

  constructor(private readonly events: MarketFeedEvents) {
    this.client.on('recovered', ({ subscription, recovered }) => {
      if (subscription === this.#selected && !recovered) events.unrecovered();
    });
    this.client.subscribe({ dataTypes: ['health'] }, message => events.health(message.data));
  }

  connect(): void {
    this.client.connect();
  }

  select(key: string): void {
    if (key === this.#key) return;
    this.#key = key;
    void this.#selected?.unsubscribe().catch(() => undefined);
    const colon = key.indexOf(':');
    const filter = { exchange: [key.slice(0, colon)], symbols: [key.slice(colon + 1)], dataTypes: ['trade', 'quote', 'book', 'gap'] as ('trade' | 'quote' | 'book' | 'gap')[] };
    this.#selected = this.client.subscribe(filter, message => this.#take(key, message));
  }

  #take(key: string, message: Delivery<'trade' | 'quote' | 'book' | 'gap'>): void {
    if (key !== this.#key) return;
    switch (message.dataType) {
      case 'trade': return this.events.trade(message.data, message.snapshot);
      case 'quote': return this.events.quote(message.data);
      case 'book': return this.events.book(message.data);
      case 'gap': return this.events.gap(message.data);
    }
  }
}
