export interface BackoffOptions {
  /** Milliseconds before the second attempt; the first follows at once. Default 500. */
  initial?: number;
  /** Longest wait in milliseconds, jitter aside. Default 30,000. */
  max?: number;
  /** Each wait is this many times the one before. Default 2. */
  factor?: number;
  /** Share of the wait that is left to chance, 0 to 1. Default 0.5: of 10 s, 5 to 10 s are waited. */
  jitter?: number;
}

/**
 * How long to wait before the next attempt. Waits grow until data has come, not merely until a handshake has succeeded: a gateway that
 * accepts and cuts at once would otherwise be asked without end. Jitter spreads the many clients that one restart cuts at once.
 */
export class Backoff {
  readonly #initial: number;
  readonly #max: number;
  readonly #factor: number;
  readonly #jitter: number;
  #attempts = 0;

  constructor(options: BackoffOptions = {}, private readonly random: () => number = Math.random) {
    this.#initial = options.initial ?? 500;
    this.#max = options.max ?? 30_000;
    this.#factor = options.factor ?? 2;
    this.#jitter = Math.min(1, Math.max(0, options.jitter ?? 0.5));
  }

  /** Attempts since data came last. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Milliseconds to wait now; never less than what the server asked for. */
  next(retryAfterMs = 0): number {
    const attempt = this.#attempts++;
    const whole = attempt === 0 ? 0 : Math.min(this.#max, this.#initial * this.#factor ** (attempt - 1));
    const wait = whole * (1 - this.#jitter * this.random());
    // What the server names is a minimum; on top of it the same spread, or all come back in the same instant.
    return Math.round(retryAfterMs > 0 ? Math.max(wait, retryAfterMs * (1 + this.#jitter * this.random())) : wait);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
