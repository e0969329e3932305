// Tries every event of the candle service on a server that has live data.
// usage: node functional.mjs URL [SYMBOL]      such as http://127.0.0.1:5051 BTC-USDT
import { Client, sleep } from './client.mjs';

const [url, symbol = 'BTC-USDT'] = process.argv.slice(2);
if (!url) {
  console.error('usage: node functional.mjs URL [SYMBOL]');
  process.exit(2);
}

let failed = 0;
const assert = (holds, what) => {
  if (!holds) {
    throw new Error(what);
  }
};

async function check(what, run, options) {
  const client = new Client(url, options);
  const began = Date.now();
  try {
    await client.next('connection_success');
    await run(client);
    console.log(`ok    ${what} (${Date.now() - began} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${what}: ${error.message}`);
  } finally {
    client.close();
  }
}

const isCandle = candle =>
  Number.isInteger(candle.time) && ['open', 'high', 'low', 'close', 'volume'].every(key => typeof candle[key] === 'number')
  && typeof candle.is_final === 'boolean' && ['realtime', 'final', 'revised'].includes(candle.update_type) && Number.isInteger(candle.update_count);

/** Updates after history: each candle goes on where history left it, and none is left out. */
function assertNoSeam(history, updates, seconds) {
  const last = history.data.at(-1);
  let [time, count] = [last?.time ?? 0, last?.update_count ?? 0];
  for (const { data } of updates.filter(one => one.data.update_type !== 'revised')) {
    assert(data.time >= time, `candle ${data.time} after candle ${time}`);
    assert(data.time > time || data.update_count > count, `update ${data.update_count} of candle ${data.time} after ${count}`);
    [time, count] = [data.time, data.update_count];
  }
  for (let i = 1; i < history.data.length; i++) {
    assert(history.data[i].time > history.data[i - 1].time, 'history is not in order');
    assert((history.data[i].time - history.data[i - 1].time) % seconds === 0, 'a candle of history is off the grid');
  }
}

for (const [name, options] of [
  ['polling alone', { transports: ['polling'] }], ['WebSocket alone', { transports: ['websocket'] }], ['polling, then WebSocket', {}],
]) {
  await check(`${name}: subscribe, history, live updates to a final`, async client => {
    const hello = client.of('connection_success')[0];
    assert(typeof hello.client_id === 'string' && hello.server_time > 1.6e12 && hello.supported_intervals.includes('m1'), 'the greeting is incomplete');
    client.emit('subscribe', { symbol, interval: 's1', subscription_id: 'mine' });
    const confirmed = await client.next('subscription_confirmed');
    assert(confirmed.symbol === symbol && confirmed.interval === 's1' && confirmed.subscription_id === 'mine', 'the confirmation is wrong');
    const history = await client.next('history_data');
    assert(history.data.length <= 100 && history.data.every(isCandle) && typeof history.has_more === 'boolean', 'history is malformed');
    await client.until(() => client.of('kline_data').length >= 10 && client.of('kline_data', one => one.data.is_final).length >= 2, 'ten updates and two finals');
    const updates = client.of('kline_data');
    assert(updates.every(one => one.symbol === symbol && one.interval === 's1' && one.timestamp > 1.6e12 && isCandle(one.data)), 'an update is malformed');
    assertNoSeam(history, updates, 1);
    const names = client.events.map(one => one.name);
    assert(names.indexOf('subscription_confirmed') < names.indexOf('history_data'), 'history came before the confirmation');
    assert(names.indexOf('history_data') < names.indexOf('kline_data'), 'an update came before history');
  }, options);
}

await check('every spelling of the interval', async client => {
  for (const interval of client.of('connection_success')[0].supported_intervals) {
    for (const spelling of [interval, `${interval.slice(1)}${interval[0]}`]) {
      const answer = await client.ask('history', { symbol, interval: spelling, limit: 1 });
      assert(answer.interval === spelling, `${spelling} is answered as ${answer.interval ?? answer.code}`);
    }
  }
});

await check('history in pages: no candle twice, none left out', async client => {
  const whole = await client.ask('history', { symbol, interval: 's1', limit: 60 });
  const to = whole.data.at(-1).time;
  const first = await client.ask('history', { symbol, interval: 's1', limit: 5, to });
  const second = await client.ask('history', { symbol, interval: 's1', limit: 5, to: first.data[0]?.time ?? to });
  const paged = [...second.data, ...first.data].map(one => one.time);
  assert(paged.join() === whole.data.map(one => one.time).filter(time => time < to).slice(-paged.length).join(), 'pages differ from the whole');
  assert(first.total_count >= first.data.length, 'total_count is too small');
});

await check('numbers as text on request', async client => {
  const history = await client.ask('history', { symbol, interval: 's1', limit: 3 });
  assert(history.data.every(one => typeof one.open === 'string' && /^-?\d+(\.\d+)?$/.test(one.open)), 'numbers are no text');
}, { query: { strings: '1' } });

await check('every error has its code', async client => {
  for (const [event, data, code] of [
    ['subscribe', { symbol: 'NO-SUCH-THING', interval: 'm1' }, 'INVALID_SYMBOL'],
    ['subscribe', { symbol, interval: 'm7' }, 'INVALID_INTERVAL'],
    ['subscribe', { symbol }, 'INVALID_REQUEST'],
    ['subscribe', 'text', 'INVALID_REQUEST'],
    ['history', { symbol, interval: 'm1', limit: 0 }, 'INVALID_REQUEST'],
    ['unsubscribe', { symbol, interval: 'm1' }, 'NOT_SUBSCRIBED'],
    ['no_such_event', {}, 'INVALID_REQUEST'],
  ]) {
    const answer = await client.ask(event, data);
    assert(answer.code === code, `${event} ${JSON.stringify(data)}: ${answer.code}`);
    assert(typeof answer.message === 'string', 'an error without message');
  }
  assert(client.of('error').length === 7, 'errors are not told as events too');
});

await check('no more than 100 subscriptions', async client => {
  const found = await (await fetch(new URL('/udf/search?query=&limit=30', url))).json();
  const rooms = found.flatMap(one => client.of('connection_success')[0].supported_intervals.map(interval => ({ symbol: one.ticker, interval })));
  assert(rooms.length > 100, `the server has ${found.length} symbols: too few to reach the limit`);
  let confirmed = 0;
  for (const room of rooms) {
    const answer = await client.ask('subscribe', room);
    confirmed += answer.subscription_id ? 1 : 0;
    if (answer.code) {
      assert(answer.code === 'SUBSCRIPTION_LIMIT' && confirmed === 100, `${answer.code} after ${confirmed}`);
      return;
    }
  }
  throw new Error(`${confirmed} subscriptions and no limit`);
});

await check('after unsubscribing nothing comes', async client => {
  await client.ask('subscribe', { symbol, interval: 's1' });
  await client.next('kline_data');
  const answer = await client.ask('unsubscribe', { symbol, interval: 's1' });
  assert(answer.interval === 's1', 'unsubscribing is not confirmed');
  const count = client.of('kline_data').length;
  await sleep(1500);
  assert(client.of('kline_data').length === count, 'updates still come');
});

await check('a broken connection goes on where it broke', async client => {
  await client.ask('subscribe', { symbol, interval: 's1' });
  await client.next('kline_data');
  const before = client.socket.id;
  client.socket.io.engine.close();
  await client.until(() => !client.socket.connected, 'the break');
  await client.until(() => client.socket.connected, 'the way back');
  const from = client.events.length;
  await client.next('kline_data', () => true, { from });
  assert(client.socket.recovered && client.socket.id === before, 'the connection was not recovered');
  assertNoSeam(client.of('history_data')[0], client.of('kline_data'), 1);
});

for (const [path, fits] of [
  ['/api/kline/status', body => body.success && body.data.enabled && body.data.stats.config.max_subscriptions_per_client > 0],
  ['/api/events/status', body => Object.values(body).every(topic => Object.values(topic).every(one => one.position >= 0 && (one.end === null || one.end >= one.position)))],
  ['/api/events/db-stats', body => (!body.enabled || (body.candles > 0 && body.bytes > 0)) && typeof body.lastCommittedOffset === 'object'],
  ['/udf/config', body => body.supports_search && body.supported_resolutions.includes('1S')],
]) {
  try {
    const answer = await fetch(new URL(path, url));
    assert(answer.status === 200 && fits(await answer.json()), `status ${answer.status} or a wrong body`);
    console.log(`ok    ${path}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${path}: ${error.message}`);
  }
}

console.log(failed === 0 ? 'all is well' : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
