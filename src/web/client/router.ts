import type { DataMessage } from './messages.ts';
import type { Delivery, Subscription } from './subscription.ts';

/** Stream → subscriptions of this client. Looked up once per stream, not once per message. */
export class Router {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #routes = new Map<string, readonly Subscription[]>();

  get all(): Iterable<Subscription> {
    return this.#subscriptions.values();
  }

  add(subscription: Subscription): void {
    this.#subscriptions.set(subscription.id, subscription);
    this.#routes.clear();
  }

  remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.id);
    this.#routes.clear();
  }

  has(subscription: Subscription): boolean {
    return this.#subscriptions.has(subscription.id);
  }

  of(message: DataMessage): readonly Subscription[] {
    let route = this.#routes.get(message.stream);
    if (route === undefined) this.#routes.set(message.stream, route = this.#find(message));
    return route;
  }

  #find(message: DataMessage): readonly Subscription[] {
    const symbol = (message.data as { symbol?: string } | null)?.symbol;
    const all = [...this.#subscriptions.values()];
    const matching = all.filter(one => one.matches(message.stream, symbol));
    // The gateway knows more spellings than we do (former names, for one): it has sent this, so somebody here asked for it.
    return matching.length > 0 ? matching : all.filter(one => one.filter.symbols?.length);
  }
}

/** Adds the parts of the stream's name to a message. */
export function toDelivery(message: DataMessage): Delivery {
  const first = message.stream.indexOf(':');
  const second = message.stream.indexOf(':', first + 1);
  return Object.assign(message, {
    venue: message.stream.slice(0, first),
    instrument: message.stream.slice(first + 1, second),
    dataType: message.stream.slice(second + 1),
  }) as Delivery;
}
