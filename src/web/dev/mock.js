// Stands in for the gateway: the plain WebSocket protocol, the Socket.IO candle service and the HTTP API with a made-up market, for work
// on the page without a stack. `npm run build` first, then `npm run dev:mock`; or `npm run dev` beside it with PIPELINE_GATEWAY set.
// usage: node dev/mock.js [PORT]      0 = any free port; the address is printed
//
// POST /mock/health?stream=binance:BTC-USDT:trade&state=stale&reason=silent   what md.health says of a stream; stale ones bring no data
// POST /mock/drop?code=4006&reason=MEMORY%20retryAfterMs=5000%20reconnect=yes cuts everybody
// POST /mock/down?seconds=10                                                  is not there for a while

import { createServer } from 'node:http';
import { MockCandles } from './candles.js';
import { MockHttp } from './http.js';
import { MockSockets } from './sockets.js';
import { MockState } from './state.js';

const state = new MockState();
const http = new MockHttp(state);
const server = createServer((request, response) => http.handle(request, response));
const sockets = new MockSockets(state, server);
const candles = new MockCandles(state, server);
state.onDrop = (code, reason) => {
  sockets.drop(code, reason);
  candles.drop();
};
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
