// What a stranger does who has read asyncapi.yaml and has nothing but a WebSocket: every operation of /ws. Judges nothing: tells what it said
// and what it saw. One function that needs nothing from outside, so that it runs in node and, sent there as text, in a browser's page.
'use strict';

/**
 * @param connect   Opens another WebSocket: npm's or a browser's.
 * @param ask       Has something brought about: "trades FROM TO" of both instruments, "long ID", "cut TO" (of every client, while trades up to
 *                  TO are written), "log FROM TO" (another log begins with these trades).
 * @param examples  Requests of the document, as text, each of which is made.
 */
module.exports = async function useEverything(connect, ask, examples) {
  const [btc, eth] = ['binance:BTC-USDT:trade', 'binance:ETH-USDT:trade'];
  const connections = [];
  const requests = [];

  async function until(what, test) {
    for (const end = Date.now() + 30_000; !test(); await new Promise(resolve => setTimeout(resolve, 5))) {
      if (Date.now() > end) throw new Error(`${what}: not seen`);
    }
  }

  async function open() {
    const [socket, seen] = [connect(), []];
    const connection = { seen, closed: null, extensions: '' };
    connections.push(connection);
    socket.onmessage = ({ data }) => seen.push(data);
    socket.onclose = ({ code, reason, wasClean }) => (connection.closed = { code, reason, wasClean });
    await until('an open connection', () => socket.readyState === 1 || connection.closed);
    connection.extensions = socket.extensions;
    const messages = () => seen.map(text => JSON.parse(text));
    return {
      connection,
      data: stream => messages().filter(one => one.type === 'data' && one.stream === stream),
      has: (stream, id) => messages().some(one => one.stream === stream && one.data.id === id),
      saw: type => messages().some(one => one.type === type),
      /** Says something and waits for the answer, the one message that bears the id of the request. */
      async say(text, id) {
        const from = seen.length;
        const find = () => messages().slice(from).find(one => !['data', 'epoch'].includes(one.type) && one.id === id);
        socket.send(text);
        await until(`an answer to ${text}`, find);
        requests.push({ text, answer: find() });
        return find();
      },
      request(message) {
        return this.say(JSON.stringify(message), message.id);
      },
      close: () => socket.close(1000),
    };
  }

  // What the document shows.
  const reader = await open();
  for (const text of examples) await reader.say(text, JSON.parse(text).id);
  reader.close();
  await until('the end of the first connection', () => reader.connection.closed);

  // Several filters, one with a name that nothing bears.
  const first = await open();
  const filters = { exchange: ['binance'], symbols: ['BTC/USDT'], dataTypes: ['trade'] };
  await first.request({ op: 'subscribe', id: 's1', filterId: 'btc', filters });
  await first.request({ op: 'subscribe', id: 's2', filterId: 'eth', filters: { symbols: ['BINANCE:ETHUSDT', 'NOSUCH-USDT'], dataTypes: ['trade'] } });
  await first.request({ op: 'subscribe', id: 3, filterId: 'health', filters: { symbols: ['BTC-*'], dataTypes: ['health'] }, maxRate: 10 });
  await ask('trades 1 10');
  await until('ten trades of both', () => first.has(btc, 10) && first.has(eth, 10));
  await first.request({ op: 'list', id: 'l1' });
  await ask('long 11');
  await until('a long message', () => first.has(btc, 11));
  await first.request({ op: 'ping', id: 5 });
  const charactersSeen = first.connection.seen.reduce((sum, text) => sum + text.length, 0);
  const stats = await first.request({ op: 'getStats', id: 'g1' });

  // What is wrong is told, and costs nothing but that.
  await first.request({ op: 'nonsense', id: 'e1' });
  await first.request({ op: 'subscribe', id: 'e2', filters: { dataTypes: ['nothing'] } });
  await first.request({ op: 'ping', id: 'e3', filterIds: 'btc' });
  await first.request({ op: 'subscribe', id: 'e4', resume: { epoch: 'log-1' } });
  await first.request({ op: 'unsubscribe', id: 'e5', filterId: 'nobody' });
  await first.say('nonsense', undefined);

  await first.request({ op: 'unsubscribe', id: 'u1', filterId: 'eth' });
  await ask('trades 12 20');
  await until('twenty trades', () => first.has(btc, 20));

  // Cut, and back where it was.
  await ask('cut 30');
  await until('a cut', () => first.connection.closed);
  const last = first.data(btc).at(-1);
  const second = await open();
  await second.request({ op: 'subscribe', id: 'r1', filterId: 'btc', filters, resume: { epoch: last.epoch, streams: { [btc]: last.seq } } });
  await until('the trades of the time without a connection', () => second.has(btc, 30));
  await second.request({
    op: 'subscribe', id: 'r2', filterId: 'eth', filters: { symbols: ['ETH-USDT'], dataTypes: ['trade'] }, resume: { epoch: 'of-long-ago', streams: { [eth]: 1 } },
  });
  await until('a snapshot instead', () => second.has(eth, 30));
  await ask('log 101 110');
  await until('another log', () => second.saw('epoch') && second.has(btc, 110) && second.has(eth, 110));

  await second.request({ op: 'unsubscribe', id: 'u2' });
  await ask('trades 111 120');
  await second.request({ op: 'ping', id: 'p2' });
  second.close();
  await until('the end', () => second.connection.closed);
  return { connections, requests, position: last.seq, charactersSeen, bytesSent: stats.bytesSent };
};
