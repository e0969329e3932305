import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PipelineClient, RefusedError, UnansweredError, type ClientOptions, type ConnectionState, type Delivery } from '../client/index.ts';
import { FakeClock, FakeSocket, settle, trade } from './fakes.ts';

let clock: FakeClock;
let client: PipelineClient;
let states: ConnectionState[];
let errors: Error[];

function create(options: ClientOptions = {}): PipelineClient {
  client = new PipelineClient({ url: 'http://gateway/ws', WebSocket: FakeSocket, clock, random: () => 0, ...options });
  client.on('state', state => states.push(state));
  client.on('error', error => errors.push(error));
  return client;
}

async function connect(options?: ClientOptions): Promise<FakeSocket> {
  create(options).connect();
  FakeSocket.last.open();
  await settle();
  return FakeSocket.last;
}

beforeEach(() => {
  clock = new FakeClock();
  FakeSocket.all = [];
  states = [];
  errors = [];
});

afterEach(() => client.close());

test('a subscription asks, is confirmed, and gets its records with the parts of their names', async () => {
  const socket = await connect();
  const seen: Delivery<'trade'>[] = [];
  const subscription = client.subscribe({ exchange: ['binance'], symbols: ['BTC/USDT'], dataTypes: ['trade'] }, message => seen.push(message));
  assert.deepEqual(socket.asked('subscribe'), {
    op: 'subscribe', id: '1', filterId: 'f1', filters: { exchange: ['binance'], symbols: ['BTC/USDT'], dataTypes: ['trade'] },
  });
  await socket.ack({ streams: 7 });
  assert.equal((await subscription.ready).streams, 7);

  socket.say(trade(10, null, { snapshot: true }));
  socket.say(trade(12, 10));

  assert.deepEqual(seen.map(one => [one.seq, one.venue, one.instrument, one.dataType, one.data.price, one.snapshot]), [
    [10, 'binance', 'BTC-USDT', 'trade', '1.5', true],
    [12, 'binance', 'BTC-USDT', 'trade', '1.5', false],
  ]);
});

test('the address is that of a socket, and a token is offered as subprotocol', async () => {
  let token = 'one';
  const socket = await connect({ url: 'https://gateway/ws', token: () => token });
  assert.equal(socket.url, 'wss://gateway/ws');
  assert.deepEqual(socket.subprotocols, ['pipeline.v1', 'bearer.one']);

  token = 'two';
  socket.drop(4005, 'TOKEN_EXPIRED retryAfterMs=0 reconnect=yes');
  await clock.advance(0);
  assert.deepEqual(FakeSocket.last.subprotocols, ['pipeline.v1', 'bearer.two']);
});

test('after a reconnect each subscription resumes where it was left', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  socket.say(trade(10, null, { snapshot: true }));
  socket.say(trade(12, 10));
  const recovered: boolean[] = [];
  client.on('recovered', event => recovered.push(event.recovered));

  socket.drop(1006);
  await clock.advance(0);
  FakeSocket.last.open();

  assert.deepEqual(FakeSocket.last.asked('subscribe')['resume'], { epoch: 'e1', streams: { 'binance:BTC-USDT:trade': 12 } });
  await FakeSocket.last.ack({ recovered: true });
  assert.deepEqual(recovered, [true]);
  assert.equal(client.figures.reconnects, 1);
});

test('what cannot be recovered is told', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  socket.say(trade(10, null, { snapshot: true }));
  const recovered: unknown[] = [];
  client.on('recovered', event => recovered.push([event.recovered, event.lost]));

  socket.drop(1006);
  await clock.advance(0);
  FakeSocket.last.open();
  await FakeSocket.last.ack({ recovered: false, notRecovered: ['binance:BTC-USDT:trade'] });

  assert.deepEqual(recovered, [[false, ['binance:BTC-USDT:trade']]]);
});

test('what does not fit into one message is not resumed, and that is told', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  for (let i = 0; i < 3000; i++) socket.say({ ...trade(i, null), stream: `binance:COIN${i}-USDT:trade` });
  const recovered: boolean[] = [];
  client.on('recovered', event => recovered.push(event.recovered));
  socket.drop(1006);
  await clock.advance(0);
  FakeSocket.last.open();
  const bytes = JSON.stringify(FakeSocket.last.asked('subscribe')).length;
  assert.ok(bytes > 20_000 && bytes < 64 * 1024, `${bytes} bytes`);
  await FakeSocket.last.ack({ recovered: true });
  assert.deepEqual(recovered, [false]);
});

test('another log voids every position', async () => {
  const socket = await connect();
  const seen: number[] = [];
  client.subscribe({ dataTypes: ['trade'] }, message => seen.push(message.seq));
  await socket.ack();
  socket.say(trade(10, null, { snapshot: true }));
  const recovered: boolean[] = [];
  client.on('recovered', event => recovered.push(event.recovered));
  socket.say({ type: 'epoch', epoch: 'e2', recovered: false });
  socket.say(trade(3, 2, { epoch: 'e2' }));

  assert.deepEqual(recovered, [false]);
  assert.deepEqual(seen, [10, 3]);
  assert.equal(client.figures.duplicates, 0);
});

test('what was seen is not handed on again, unless the log is another one', async () => {
  const socket = await connect();
  const seen: number[] = [];
  client.subscribe({ dataTypes: ['trade'] }, message => seen.push(message.seq));
  await socket.ack();
  socket.say(trade(10, null, { snapshot: true }));
  socket.say(trade(12, 10));
  socket.say(trade(12, 10));
  socket.say(trade(11, 10));
  socket.say(trade(3, 2, { epoch: 'e2' }));
  socket.say(trade(4, 3, { epoch: 'e2' }));

  assert.deepEqual(seen, [10, 12, 3, 4]);
  assert.equal(client.figures.duplicates, 2);
  assert.equal(client.figures.holes, 0);
});

test('a record whose predecessor did not come is a hole', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  const holes: [number, number][] = [];
  client.on('hole', hole => holes.push([hole.after, hole.message.seq]));
  socket.say(trade(10, null, { snapshot: true }));
  socket.say(trade(12, 10));
  socket.say(trade(15, 14));
  socket.say(trade(16, 15));

  assert.deepEqual(holes, [[12, 15]]);
});

test('forming candles do not count for prev', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['candle:1m'] }, () => undefined);
  await socket.ack();
  const candle = (seq: number, prev: number | null, state: string, snapshot = false) =>
    socket.say({ ...trade(seq, prev), stream: 'binance:BTC-USDT:candle:1m', data: { state }, snapshot });
  candle(5, null, 'final', true);
  candle(6, null, 'forming');
  candle(9, 5, 'final');
  candle(10, null, 'forming');
  candle(12, 9, 'final');
  assert.equal(client.figures.holes, 0);
  candle(20, 15, 'final');
  assert.equal(client.figures.holes, 1);
});

test('waits grow until data comes', async () => {
  create().connect();
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    FakeSocket.last.open();
    FakeSocket.last.drop(1006);
    const state = states.at(-1)!;
    assert.equal(state.status, 'waiting');
    waits.push((state as { retryAt: number }).retryAt - clock.now());
    await clock.advance(waits.at(-1)!);
  }
  assert.deepEqual(waits, [0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);

  FakeSocket.last.open();
  FakeSocket.last.say(trade(1, null));
  FakeSocket.last.drop(1006);
  assert.equal((states.at(-1) as { retryAt: number }).retryAt, clock.now());
});

test('jitter only shortens a wait of ours, and only lengthens one the server asked for', async () => {
  create({ random: () => 1 }).connect();
  FakeSocket.last.drop(1006);
  await clock.advance(0);
  FakeSocket.last.drop(1006);
  assert.equal((states.at(-1) as { retryAt: number }).retryAt - clock.now(), 250);
  await clock.advance(250);
  FakeSocket.last.drop(4006, 'MEMORY retryAfterMs=5000 reconnect=yes');
  assert.equal((states.at(-1) as { retryAt: number }).retryAt - clock.now(), 7500);
  assert.equal((states.at(-1) as { reason: string }).reason, 'the gateway needs memory and lets slow clients go');
});

test('it does not come back where the gateway says so, until it is told to', async () => {
  const socket = await connect();
  socket.drop(1009, 'MESSAGE_TOO_LARGE reconnect=no');
  await clock.advance(600_000);
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(states.at(-1), { status: 'closed', code: 1009, reason: 'a message was too large' });

  client.reconnectNow();
  assert.equal(FakeSocket.all.length, 2);
});

test('a silent connection is asked, and cut when it does not answer', async () => {
  const socket = await connect();
  await clock.advance(14_999);
  assert.equal(socket.sent.length, 0);
  await clock.advance(1);
  assert.equal(socket.asked('ping')['op'], 'ping');
  await clock.advance(10_000);
  assert.equal(socket.closedWith, 1000);
  assert.equal(states.filter(one => one.status === 'waiting').length, 1);
  assert.match((states.find(one => one.status === 'waiting') as { reason: string }).reason, /silent for 25 s/);
});

test('a silent connection that answers stays', async () => {
  const socket = await connect();
  for (let i = 0; i < 10; i++) {
    await clock.advance(15_000);
    socket.say({ type: 'pong', id: socket.asked('ping')['id'] });
    await settle();
  }
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(client.state.status, 'open');
  assert.equal(client.figures.roundTripMs, 0);
});

test('a handshake that takes too long is given up', async () => {
  create().connect();
  await clock.advance(10_000);
  assert.equal(FakeSocket.all.length, 2);
});

test('requests are answered by id, refused with a code, or not answered at all', async () => {
  const socket = await connect();
  const list = client.list();
  const stats = client.getStats();
  socket.say({ type: 'stats', id: socket.asked('getStats')['id'], messages: 5 });
  socket.say({ type: 'list', id: socket.asked('list')['id'], filters: [] });
  assert.equal((await stats)['messages'], 5);
  assert.deepEqual((await list)['filters'], []);

  const refused = client.request('nonsense');
  socket.say({ type: 'error', id: socket.asked('nonsense')['id'], code: 'UNKNOWN_OP', message: 'no such operation', retryAfterMs: 0 });
  await assert.rejects(refused, (error: RefusedError) => error.code === 'UNKNOWN_OP');

  const late = assert.rejects(client.request('later'), UnansweredError);
  socket.drop(1006);
  await late;
  await assert.rejects(client.list(), UnansweredError);
});

test('a filter refused for good ends, one refused for now is asked for again', async () => {
  const socket = await connect();
  const bad = client.subscribe({ dataTypes: ['nothing'] }, () => undefined);
  socket.say({ type: 'error', id: '1', code: 'INVALID_FILTER', message: 'no such data type', retryAfterMs: 0 });
  await assert.rejects(bad.ready, RefusedError);
  assert.equal(bad.ended, true);

  const early = client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  socket.say({ type: 'error', id: '2', code: 'RATE_LIMITED', message: 'too fast', retryAfterMs: 700 });
  await clock.advance(699);
  assert.equal(socket.sent.length, 2);
  await clock.advance(1);
  assert.equal(socket.sent.length, 3);
  await socket.ack();
  assert.equal((await early.ready).streams, 1);
  assert.deepEqual(errors.map(error => (error as RefusedError).code), ['INVALID_FILTER', 'RATE_LIMITED']);
});

test('several subscriptions get their own records, one that overlaps gets them too', async () => {
  const socket = await connect();
  const seen: string[] = [];
  client.subscribe({ symbols: ['BINANCE:BTCUSDT'], dataTypes: ['trade'] }, message => seen.push(`a${message.seq}`));
  client.subscribe({ symbols: ['ETH/USDT'], dataTypes: ['trade'] }, message => seen.push(`b${message.seq}`));
  const all = client.subscribe({ exchange: ['binance'] }, message => seen.push(`c${message.seq}`));
  socket.say(trade(1, null));
  await Promise.all([all.unsubscribe(), settle().then(() => socket.say({ type: 'ack', id: socket.asked('unsubscribe')['id'], streams: 0 }))]);
  socket.say(trade(2, 1));
  socket.say({ ...trade(3, null), stream: 'okx:ETH-USDT:trade', data: { symbol: 'ETH-USDT' } });

  assert.deepEqual(seen, ['a1', 'c1', 'a2', 'b3']);
  assert.equal(socket.asked('unsubscribe')['filterId'], 'f3');
});

test('unsubscribed streams are not resumed', async () => {
  const socket = await connect();
  const trades = client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  socket.say(trade(10, null));
  void trades.unsubscribe().catch(() => undefined);
  socket.drop(1006);
  await clock.advance(0);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent, []);
});

test('close ends everything, and connect begins again with the same subscriptions', async () => {
  const socket = await connect();
  client.subscribe({ dataTypes: ['trade'] }, () => undefined);
  await socket.ack();
  client.close();
  assert.equal(socket.closedWith, 1000);
  await clock.advance(600_000);
  assert.equal(FakeSocket.all.length, 1);

  client.connect();
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.asked('subscribe')['filters'], { dataTypes: ['trade'] });
});

test('a frame that is not JSON, and a complaint nobody asked for, are errors and no more', async () => {
  const socket = await connect();
  socket.onmessage?.({ data: '<html>' });
  socket.say({ type: 'error', code: 'RATE_LIMITED', message: 'slow down', retryAfterMs: 1000 });
  assert.deepEqual(errors.map(error => error.message), ['the gateway sent a frame that is not JSON', 'slow down']);
  assert.equal(client.state.status, 'open');
});
