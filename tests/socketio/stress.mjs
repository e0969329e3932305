// Many clients, many rooms: how long history takes, how many updates come, how old they are, and whether any is lost or out of order.
// usage: node stress.mjs URL [CLIENTS=200] [ROOMS=5] [SECONDS=15] [SYMBOL,SYMBOL...]
import { Client, quantile, sleep } from './client.mjs';

const [url, clients = '200', rooms = '5', seconds = '15', names = 'BTC-USDT,ETH-USDT,SOL-USDT'] = process.argv.slice(2);
if (!url) {
  console.error('usage: node stress.mjs URL [CLIENTS] [ROOMS] [SECONDS] [SYMBOL,SYMBOL...]');
  process.exit(2);
}

const symbols = names.split(',');
const intervals = ['s1', 'm1', 'm5', 'm15', 'h1'];
const wanted = Array.from({ length: Number(rooms) }, (_, i) => ({
  symbol: symbols[i % symbols.length],
  interval: intervals[Math.floor(i / symbols.length) % intervals.length],
}));
const [handshakes, histories, ages] = [[], [], []];
let [updates, bytes, disorder, refused] = [0, 0, 0, 0];

function watch(client) {
  const newest = new Map();
  client.socket.on('kline_data', ({ symbol, interval, timestamp, data }) => {
    updates++;
    bytes += 180;
    ages.push(Date.now() - timestamp);
    if (data.update_type === 'revised') {
      return;
    }
    const room = `${symbol}:${interval}`;
    const last = newest.get(room);
    if (last && (data.time < last.time || (data.time === last.time && data.update_count <= last.update_count))) {
      disorder++;
    }
    newest.set(room, data);
  });
}

const all = [];
for (let i = 0; i < Number(clients); i++) {
  const began = performance.now();
  const client = new Client(url, { transports: ['websocket'] });
  client.events.push = () => 0;
  watch(client);
  all.push(new Promise((done, fail) => {
    client.socket.once('connection_success', async () => {
      handshakes.push(performance.now() - began);
      for (const room of wanted) {
        const asked = performance.now();
        const answer = await client.ask('subscribe', room, 30_000);
        histories.push(performance.now() - asked);
        refused += answer.code ? 1 : 0;
      }
      done(client);
    });
    client.socket.once('connect_error', fail);
  }));
  if (i % 50 === 49) {
    await sleep(10);
  }
}

const connected = await Promise.all(all);
[updates, bytes] = [0, 0];
ages.length = 0;
await sleep(Number(seconds) * 1000);
const rate = updates / Number(seconds);
const lost = connected.filter(client => !client.socket.connected).length;
console.log(`clients ${connected.length}, rooms each ${wanted.length}`);
console.log(`handshake        p50 ${quantile(handshakes, 0.5).toFixed(1)} ms   p99 ${quantile(handshakes, 0.99).toFixed(1)} ms`);
console.log(`subscribe        p50 ${quantile(histories, 0.5).toFixed(1)} ms   p99 ${quantile(histories, 0.99).toFixed(1)} ms, with history`);
console.log(`updates          ${rate.toFixed(0)}/s`);
console.log(`age of updates   p50 ${quantile(ages, 0.5)} ms   p99 ${quantile(ages, 0.99)} ms, from production in Kafka to this script`);
console.log(`refused ${refused}, out of order ${disorder}, cut off ${lost}`);
connected.forEach(client => client.close());
process.exit(refused + disorder + lost === 0 && updates > 0 ? 0 : 1);
