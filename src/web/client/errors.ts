/** The gateway refused a request. `code` is for programs, the text for people. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly code: string, message: string, readonly retryAfterMs = 0) {
    super(message);
  }
}

/** A request was not answered: the connection broke, or the answer took too long. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}
