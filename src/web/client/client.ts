import { Backoff, type BackoffOptions } from './backoff.ts';
import { Alarm, systemClock, type Clock } from './clock.ts';
import { adviseClosing, fatalCodes } from './closing.ts';
import { Connection, type HeartbeatOptions, type SocketConstructor } from './connection.ts';
import { Emitter, guarded } from './emitter.ts';
import { RefusedError, UnansweredError } from './errors.ts';
import type { Ack, Answer, DataMessage, Filter, SubscribeRequest } from './messages.ts';
import { Positions } from './positions.ts';
import { Requests } from './requests.ts';
import { Router, toDelivery } from './router.ts';
import { Subscription, type Delivery } from './subscription.ts';

export interface ClientOptions {
  /** Address of `/ws`. Default: that of the page's own server. */
  url?: string;
  /** Bearer token, or what gives one; asked for anew at each connect. A browser cannot set headers, so it is offered as a subprotocol. */
  token?: string | (() => string | undefined);
  /** Most messages a second this client wants of those that may be conflated (quotes, books, forming candles). Default: no limit. */
  maxRate?: number;
  backoff?: BackoffOptions;
  heartbeat?: HeartbeatOptions;
  /** Milliseconds for the handshake. Default 10,000. */
  connectTimeout?: number;
  /** Milliseconds for an answer. Default 15,000. */
  requestTimeout?: number;
  /** Close codes after which it does not come back. */
  fatalCodes?: ReadonlySet<number>;
  /** The WebSocket to use where the platform has none (node before 22: npm `ws`). */
  WebSocket?: SocketConstructor;
  clock?: Clock;
  random?: () => number;
}

export type ConnectionState =
  | { status: 'connecting'; attempt: number }
  | { status: 'open'; since: number }
  /** Not connected; tries again at `retryAt` (milliseconds since the Unix epoch, by the client's clock). */
  | { status: 'waiting'; attempt: number; retryAt: number; code: number; reason: string }
  /** Not connected, and stays so. */
  | { status: 'closed'; code: number; reason: string };

export interface ClientEvents {
  state: ConnectionState;
  /** Every data message, whoever subscribed to it. */
  data: Delivery;
  /** After a reconnect, or when another log begins: whether what was missed could be replayed. If not, snapshots follow; `lost` names streams. */
  recovered: { subscription: Subscription; recovered: boolean; lost: readonly string[] };
  /** Something between two messages of a stream did not come: `after` is the last seen of those that must all come. */
  hole: { stream: string; after: number; message: DataMessage };
  /** A request was refused or not answered, or the gateway complained without being asked. */
  error: Error;
}

export interface ClientFigures {
  received: number;
  duplicates: number;
  holes: number;
  reconnects: number;
  /** Of the last ping; undefined before the first. */
  roundTripMs: number | undefined;
}

/** A connection to `/ws` that mends itself. See README.md beside this file. */
export class PipelineClient {
  readonly figures: ClientFigures = { received: 0, duplicates: 0, holes: 0, reconnects: 0, roundTripMs: undefined };
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #events = new Emitter<ClientEvents>();
  readonly #router = new Router();
  readonly #positions = new Positions();
  readonly #requests: Requests;
  readonly #backoff: Backoff;
  readonly #retry: Alarm;
  #connection: Connection | undefined;
  #state: ConnectionState = { status: 'closed', code: 1000, reason: 'not connected yet' };
  #filters = 0;
  #everOpen = false;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#requests = new Requests(this.#clock, options.requestTimeout ?? 15_000);
    this.#backoff = new Backoff(options.backoff, options.random);
    this.#retry = new Alarm(this.#clock);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Returns what takes the listener away again. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Connects, and from then on stays connected until `close`. Does nothing when it is already at it. */
  connect(): void {
    if (this.#state.status === 'closed') this.#connect();
  }

  /** Ends a wait: the user pressed "now", or the browser says that it is online again. */
  reconnectNow(): void {
    if (this.#state.status === 'waiting' || this.#state.status === 'closed') this.#connect();
  }

  /** Closes for good. Subscriptions are kept and asked for again by a later `connect`. */
  close(): void {
    this.#retry.clear();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close(1000, 'done');
    this.#requests.abandon('closed');
    this.#enter({ status: 'closed', code: 1000, reason: 'closed by this side' });
  }

  /**
   * Subscribes now if connected, and after every connect from then on. Records are handed over in the order of their stream, none twice.
   * @param filter which streams; a field left out means all
   * @param deliver called for each message; `snapshot` tells the state at the beginning from news
   */
  subscribe<T extends string>(filter: Filter & { dataTypes: T[] }, deliver: (message: Delivery<T>) => void): Subscription;
  subscribe(filter: Filter, deliver: (message: Delivery) => void): Subscription;
  subscribe(filter: Filter, deliver: (message: never) => void): Subscription {
    const id = `f${++this.#filters}`;
    const subscription = new Subscription(id, filter, deliver as (message: Delivery) => void, one => this.#unsubscribe(one));
    this.#router.add(subscription);
    if (this.#state.status === 'open') void this.#ask(subscription);
    return subscription;
  }

  /** This client's filters as the gateway has them. */
  list(): Promise<Answer> {
    return this.request('list');
  }

  /** What the gateway counts for this client. */
  getStats(): Promise<Answer> {
    return this.request('getStats');
  }

  /** Milliseconds there and back. */
  async ping(): Promise<number> {
    const started = this.#clock.now();
    await this.request('ping');
    return this.figures.roundTripMs = this.#clock.now() - started;
  }

  /** Any operation of the protocol. Rejected with `RefusedError` or `UnansweredError`. */
  request(op: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    if (this.#state.status !== 'open') return Promise.reject(new UnansweredError('not connected'));
    const id = this.#requests.nextId();
    const answer = this.#requests.waitFor(id);
    this.#connection?.send(JSON.stringify({ op, id, ...fields }));
    return answer;
  }

  #connect(): void {
    this.#retry.clear();
    this.#enter({ status: 'connecting', attempt: this.#backoff.attempts + 1 });
    const Socket = this.#options.WebSocket ?? (globalThis.WebSocket as unknown as SocketConstructor);
    const { silence = 15_000, timeout = 10_000 } = this.#options.heartbeat ?? {};
    const socket = new Socket(this.#address(), this.#subprotocols());
    this.#connection = new Connection(socket, this.#clock, { silence, timeout }, this.#options.connectTimeout ?? 10_000, {
      opened: () => this.#opened(),
      received: text => this.#received(text),
      lost: (code, reason) => this.#lost(code, reason),
      ask: () => void this.ping().catch(() => undefined),
    });
  }

  #address(): string {
    const url = new URL(this.#options.url ?? '/ws', globalThis.location?.href);
    url.protocol = url.protocol.replace('http', 'ws');
    return url.href;
  }

  #subprotocols(): string[] {
    const token = typeof this.#options.token === 'function' ? this.#options.token() : this.#options.token;
    return token ? ['pipeline.v1', `bearer.${token}`] : [];
  }

  #opened(): void {
    if (this.#everOpen) this.figures.reconnects++;
    this.#everOpen = true;
    this.#enter({ status: 'open', since: this.#clock.now() });
    for (const subscription of this.#router.all) void this.#ask(subscription);
  }

  #lost(code: number, reason: string): void {
    if (this.#connection === undefined) return;
    this.#connection = undefined;
    const advice = adviseClosing(code, reason, this.#options.fatalCodes ?? fatalCodes);
    // A connection that stood for a while was a good one, even if the market was silent all the time.
    if (this.#state.status === 'open' && this.#clock.now() - this.#state.since >= 10_000) this.#backoff.reset();
    this.#requests.abandon(advice.text);
    if (!advice.reconnect) {
      this.#enter({ status: 'closed', code, reason: advice.text });
      return;
    }
    const wait = this.#backoff.next(advice.retryAfterMs);
    this.#retry.set(wait, () => this.#connect());
    this.#enter({ status: 'waiting', attempt: this.#backoff.attempts, retryAt: this.#clock.now() + wait, code, reason: advice.text });
  }

  #received(text: string): void {
    let message: Answer;
    try {
      message = JSON.parse(text) as Answer;
    } catch {
      this.#events.emit('error', new Error('the gateway sent a frame that is not JSON'));
      return;
    }
    if (message.type === 'data') this.#data(message as unknown as DataMessage);
    else if (message.type === 'epoch') this.#anotherLog(String(message['epoch']));
    else if (!this.#requests.answer(message) && message.type === 'error') {
      this.#events.emit('error', new RefusedError(String(message['code']), String(message['message']), Number(message['retryAfterMs'] ?? 0)));
    }
  }

  #anotherLog(epoch: string): void {
    this.#positions.begin(epoch);
    for (const subscription of this.#router.all) this.#events.emit('recovered', { subscription, recovered: false, lost: [] });
  }

  #data(message: DataMessage): void {
    this.#backoff.reset();
    this.figures.received++;
    const verdict = this.#positions.note(message);
    if (verdict.duplicate) {
      this.figures.duplicates++;
      return;
    }
    if (verdict.missingAfter !== undefined) {
      this.figures.holes++;
      this.#events.emit('hole', { stream: message.stream, after: verdict.missingAfter, message });
    }
    const delivery = toDelivery(message);
    for (const subscription of this.#router.of(message)) guarded(() => subscription.deliver(delivery));
    this.#events.emit('data', delivery);
  }

  async #ask(subscription: Subscription): Promise<void> {
    const connection = this.#connection;
    const resume = subscription.acked ? this.#positions.resume(stream => subscription.matches(stream, undefined)) : undefined;
    const request: Partial<SubscribeRequest> = { filterId: subscription.id, filters: subscription.filter };
    if (this.#options.maxRate !== undefined) request.maxRate = this.#options.maxRate;
    if (resume !== undefined) request.resume = resume.position;
    try {
      const ack = (await this.request('subscribe', { ...request })) as unknown as Ack;
      if (subscription.ended) return;
      subscription.confirm(ack);
      if (resume !== undefined) this.#events.emit('recovered', { subscription, recovered: ack.recovered === true && resume.isWhole, lost: ack.notRecovered ?? [] });
    } catch (error) {
      if (connection === this.#connection && !subscription.ended) this.#refused(subscription, error as Error);
    }
  }

  // Refused for now: asked again when the gateway said. Refused for good: the subscription has ended. Not answered: asked again at once.
  #refused(subscription: Subscription, error: Error): void {
    const again = error instanceof RefusedError ? error.retryAfterMs : 1;
    if (again > 0) {
      this.#clock.setTimeout(() => {
        if (this.#state.status === 'open' && this.#router.has(subscription)) void this.#ask(subscription);
      }, again);
    } else {
      this.#router.remove(subscription);
      subscription.refuse(error);
    }
    this.#events.emit('error', error);
  }

  async #unsubscribe(subscription: Subscription): Promise<void> {
    this.#router.remove(subscription);
    const others = [...this.#router.all];
    this.#positions.forget(stream => subscription.matches(stream, undefined) && !others.some(one => one.matches(stream, undefined)));
    if (this.#state.status === 'open') await this.request('unsubscribe', { filterId: subscription.id });
  }

  #enter(state: ConnectionState): void {
    this.#state = state;
    this.#events.emit('state', state);
  }
}
