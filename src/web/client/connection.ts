import { Alarm, type Clock } from './clock.ts';

/** The part of the standard WebSocket that is used: a browser's, node's own, or the one of npm `ws`. */
export interface SocketLike {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string, subprotocols: string[]) => SocketLike;

export interface HeartbeatOptions {
  /** Milliseconds without a message after which the gateway is asked whether it is there. Default 15,000. */
  silence?: number;
  /** Milliseconds it has to answer. Default 10,000. */
  timeout?: number;
}

export interface ConnectionEvents {
  opened(): void;
  received(text: string): void;
  /** Exactly once, whatever ended it. */
  lost(code: number, reason: string): void;
  /** The peer has been silent: send something it must answer. */
  ask(): void;
}

/**
 * One socket's life, with a heartbeat of its own: a browser shows its page neither pings nor a dead peer, and may take minutes to report
 * one. Silence alone cuts nothing: a question goes first, so a laptop that wakes up and a quiet market both keep their connection.
 */
export class Connection {
  readonly #alarm: Alarm;
  #ended = false;
  #lastSeen: number;
  #asked = false;

  constructor(
    private readonly socket: SocketLike,
    private readonly clock: Clock,
    private readonly heartbeat: Required<HeartbeatOptions>,
    private readonly connectTimeout: number,
    private readonly events: ConnectionEvents,
  ) {
    this.#alarm = new Alarm(clock);
    this.#lastSeen = clock.now();
    this.socket.onopen = () => this.#open();
    this.socket.onmessage = event => this.#receive(event.data);
    this.socket.onclose = event => this.#end(event.code, event.reason);
    // An error is always followed by a close, which says as much.
    this.socket.onerror = () => undefined;
    this.#alarm.set(connectTimeout, () => this.#cut(`no connection in ${this.connectTimeout} ms`));
  }

  send(text: string): void {
    if (!this.#ended && this.socket.readyState === 1) this.socket.send(text);
  }

  close(code: number, reason: string): void {
    this.#end(code, reason);
    try {
      this.socket.close(code, reason);
    } catch {
      // Not open yet: browsers take that as a wish to stop connecting, others complain.
    }
  }

  #open(): void {
    if (this.#ended) return;
    this.#lastSeen = this.clock.now();
    this.#watch();
    this.events.opened();
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#lastSeen = this.clock.now();
    this.#asked = false;
    this.events.received(typeof data === 'string' ? data : String(data));
  }

  #watch(): void {
    const silent = this.clock.now() - this.#lastSeen;
    if (silent < this.heartbeat.silence) {
      this.#alarm.set(this.heartbeat.silence - silent, () => this.#watch());
    } else if (this.#asked) {
      this.#cut(`silent for ${Math.round(silent / 1000)} s, and no answer`);
    } else {
      this.#asked = true;
      this.events.ask();
      this.#alarm.set(this.heartbeat.timeout, () => this.#watch());
    }
  }

  // The closing handshake of a dead peer would take as long as the silence: we go on without it.
  #cut(reason: string): void {
    this.#end(1006, reason);
    try {
      this.socket.close();
    } catch {
      // As above.
    }
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#alarm.clear();
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
    this.events.lost(code, reason);
  }
}
