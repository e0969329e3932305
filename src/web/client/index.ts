export { PipelineClient, type ClientEvents, type ClientFigures, type ClientOptions, type ConnectionState } from './client.ts';
export { Subscription, type Delivery } from './subscription.ts';
export { RefusedError, UnansweredError } from './errors.ts';
export { adviseClosing, fatalCodes, type ClosingAdvice } from './closing.ts';
export { Backoff, type BackoffOptions } from './backoff.ts';
export type { Clock } from './clock.ts';
export type { HeartbeatOptions, SocketConstructor, SocketLike } from './connection.ts';
export type * from './messages.ts';
export type * from './records.ts';
