import type { DataMessage, Position } from './messages.ts';

/** What a message is to the client that keeps count. */
export interface Verdict {
  /** Seen already: not to be handed on. */
  duplicate: boolean;
  /** `seq` that should have been the preceding one of this stream, when something between is missing. */
  missingAfter: number | undefined;
}

// The gateway takes messages of 64 KiB; what does not fit is begun anew with snapshots.
const mostBytes = 48 * 1024;

interface Place {
  seq: number;
  /** Newest record of the kind that `prev` counts: trades, final and revised candles. */
  kept: number | undefined;
}

/** How far each stream has come: what is needed to resume, to drop what comes twice and to notice what does not come at all. */
export class Positions {
  #epoch = '';
  readonly #places = new Map<string, Place>();

  get epoch(): string {
    return this.#epoch;
  }

  note(message: DataMessage): Verdict {
    if (message.epoch !== this.#epoch) this.begin(message.epoch);
    const place = this.#places.get(message.stream);
    if (place === undefined || message.snapshot) {
      // Of a snapshot of several records (candles, health) the newest counts, whatever their order.
      const seq = Math.max(message.seq, place?.seq ?? 0);
      this.#places.set(message.stream, { seq, kept: isKept(message) ? message.seq : place?.kept });
      return { duplicate: false, missingAfter: undefined };
    }
    if (message.seq <= place.seq) return { duplicate: true, missingAfter: undefined };
    place.seq = message.seq;
    if (!isKept(message)) return { duplicate: false, missingAfter: undefined };
    const expected = place.kept;
    place.kept = message.seq;
    const whole = message.prev == null || expected === undefined || message.prev <= expected;
    return { duplicate: false, missingAfter: whole ? undefined : expected };
  }

  /** Another log: its numbers begin anew. */
  begin(epoch: string): void {
    this.#epoch = epoch;
    this.#places.clear();
  }

  /** Where to resume the streams that `wanted` picks, as many as one message holds; undefined when none has been seen. */
  resume(wanted: (stream: string) => boolean): { position: Position; isWhole: boolean } | undefined {
    const streams: Record<string, number> = {};
    let left = mostBytes;
    for (const [stream, place] of this.#places) {
      if (!wanted(stream)) continue;
      left -= stream.length + 20;
      if (left < 0) break;
      streams[stream] = place.seq;
    }
    return left < mostBytes ? { position: { epoch: this.#epoch, streams }, isWhole: left >= 0 } : undefined;
  }

  forget(wanted: (stream: string) => boolean): void {
    for (const stream of this.#places.keys()) {
      if (wanted(stream)) this.#places.delete(stream);
    }
  }
}

function isKept(message: DataMessage): boolean {
  if (message.stream.endsWith(':trade')) return true;
  const state = (message.data as { state?: string } | null)?.state;
  return message.stream.includes(':candle:') && (state === 'final' || state === 'revised');
}
