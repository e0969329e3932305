/** What a close frame means to a client. */
export interface ClosingAdvice {
  /** False: the gateway does not want this client back as it is; trying again would only be refused again. */
  reconnect: boolean;
  /** Least time to wait, milliseconds. */
  retryAfterMs: number;
  /** One line for people. */
  text: string;
}

// Reasons on the wire are at most 123 bytes: text, and where waiting is asked for, "retryAfterMs=5000" at its end.
const retryAfter = /retryAfterMs[=:\s"]+(\d+)/;
const plain = /[;,\s(]*retryAfterMs[=:\s"]+\d+\)?/;

const texts: Record<number, string> = {
  1000: 'closed',
  1001: 'the gateway is going away',
  1006: 'the connection broke',
  1008: 'the gateway refused this client',
  1009: 'a message was too large',
  1011: 'the gateway had an error',
  1012: 'the gateway restarts',
  1013: 'the gateway is busy',
};

/**
 * Standard codes, and those of the gateway: 4000 to 4999, named in its AsyncAPI document. What the client did itself and would do again
 * (a bad token, a forbidden origin, a broken frame) is not tried again.
 */
export function adviseClosing(code: number, reason: string, fatal: ReadonlySet<number>): ClosingAdvice {
  const asked = retryAfter.exec(reason);
  const words = reason.replace(plain, '').trim();
  return {
    reconnect: !fatal.has(code),
    retryAfterMs: asked ? Number(asked[1]) : code === 1013 ? 1000 : 0,
    text: words || texts[code] || `closed with code ${code}`,
  };
}

/** Codes after which coming back is useless: unsupported data, a bad frame, and the gateway's for tokens and origins. */
export const fatalCodes: ReadonlySet<number> = new Set([1002, 1003, 1007, 4401, 4403]);
