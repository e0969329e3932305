import { Alarm, type Clock } from './clock.ts';
import { RefusedError, UnansweredError } from './errors.ts';
import type { Answer, ErrorMessage } from './messages.ts';

interface Open {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  patience: Alarm;
}

/** Requests that wait for the answer with their id. */
export class Requests {
  readonly #open = new Map<string, Open>();
  #count = 0;

  constructor(private readonly clock: Clock, private readonly patience: number) {}

  nextId(): string {
    return String(++this.#count);
  }

  waitFor(id: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const patience = new Alarm(this.clock);
      this.#open.set(id, { resolve, reject, patience });
      patience.set(this.patience, () => this.#take(id)?.reject(new UnansweredError(`request ${id} was not answered in ${this.patience} ms`)));
    });
  }

  /** False when nobody waits for this answer. */
  answer(answer: Answer): boolean {
    const open = answer.id === undefined ? undefined : this.#take(answer.id);
    if (answer.type === 'error') {
      const { code, message, retryAfterMs } = answer as unknown as ErrorMessage;
      open?.reject(new RefusedError(code, message, retryAfterMs));
    } else {
      open?.resolve(answer);
    }
    return open !== undefined;
  }

  /** The connection is gone, and with it every answer. */
  abandon(reason: string): void {
    for (const id of [...this.#open.keys()]) this.#take(id)?.reject(new UnansweredError(reason));
  }

  #take(id: string): Open | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.patience.clear();
    return open;
  }
}
