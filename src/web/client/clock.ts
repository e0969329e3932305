/** Time as the client sees it, so that tests need not wait. Milliseconds. */
export interface Clock {
  now(): number;
  setTimeout(call: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (call, milliseconds) => setTimeout(call, milliseconds),
  clearTimeout: timer => clearTimeout(timer as Parameters<typeof clearTimeout>[0]),
};

/** One thing that is due at one time; setting it again moves it. */
export class Alarm {
  #timer: unknown;

  constructor(private readonly clock: Clock) {}

  set(milliseconds: number, call: () => void): void {
    this.clear();
    this.#timer = this.clock.setTimeout(() => {
      this.#timer = undefined;
      call();
    }, milliseconds);
  }

  clear(): void {
    if (this.#timer !== undefined) this.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
