/** What a close frame means to a client. */
export interface ClosingAdvice {
  /** False: the gateway does not want this client back as it is; trying again would only be refused again. */
  reconnect: boolean;
  /** Least time to wait, milliseconds. */
  retryAfterMs: number;
  /** One line for people. */
  text: string;
}

// The gateway's reason is "NAME retryAfterMs=1000 reconnect=yes" or "NAME reconnect=no"; the table of codes is in its AsyncAPI document.
const names: Record<string, string> = {
  GOING_AWAY: 'the gateway is being stopped or restarted',
  BINARY_NOT_SUPPORTED: 'the gateway takes text only',
  MESSAGE_TOO_LARGE: 'a message was too large',
  INTERNAL: 'the gateway failed to serve this client',
  SLOW_CLIENT: 'this client did not read fast enough',
  NO_SUBSCRIPTION: 'nothing was subscribed for too long',
  RATE_LIMITED: 'this client sent too many messages',
  TOO_MANY_ERRORS: 'this client sent too much that is no request',
  IDLE: 'this client was silent for too long',
  TOKEN_EXPIRED: 'the token has ended',
  MEMORY: 'the gateway needs memory and lets slow clients go',
  DISCONNECTED: 'the operator has disconnected this client',
  OVERLOADED: 'the gateway is overloaded',
};

const codes: Record<number, string> = {
  1000: 'closed',
  1001: 'the gateway is going away',
  1006: 'the connection broke',
  1008: 'the gateway refused this client',
  1009: 'a message was too large',
  1011: 'the gateway had an error',
  1012: 'the gateway restarts',
  1013: 'the gateway is busy',
};

/** Codes of the standard after which coming back is useless: the client itself is wrong. The gateway says so of its own codes by itself. */
export const fatalCodes: ReadonlySet<number> = new Set([1002, 1003, 1007]);

export function adviseClosing(code: number, reason: string, fatal: ReadonlySet<number> = fatalCodes): ClosingAdvice {
  const retryAfter = /\bretryAfterMs=(\d+)/.exec(reason);
  const words = reason.replace(/\b(retryAfterMs|reconnect)=\w+/g, '').trim();
  return {
    reconnect: !fatal.has(code) && !/\breconnect=no\b/.test(reason),
    retryAfterMs: retryAfter ? Number(retryAfter[1]) : code === 1013 ? 1000 : 0,
    text: (names[words] ?? words) || codes[code] || `closed with code ${code}`,
  };
}
