// Our own client library, as built for users, with npm's WebSocket. Asks for records and troubles as page.js does, and waits for a line in
// answer: "trades FROM TO", "cut TO" (every client is closed while trades up to TO are written), "log FROM TO" (another log begins).
// usage: node client.mjs URL LIBRARY
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import ask from './ask.js';

const [, , url, library] = process.argv;
const { PipelineClient, RefusedError } = await import(pathToFileURL(library));
const { WebSocket } = createRequire(import.meta.url)('ws');

async function until(what, test) {
  for (const end = Date.now() + 30_000; !test(); await new Promise(resolve => setTimeout(resolve, 5))) {
    if (Date.now() > end) throw new Error(`${what}: not seen`);
  }
}

const client = new PipelineClient({ url: `${url.replace(/^http/, 'ws')}ws`, WebSocket });
const ids = [];
const recovered = [];
const holes = [];
const states = [];
client.on('recovered', event => recovered.push(event.recovered));
client.on('hole', hole => holes.push(hole.stream));
client.on('state', state => states.push(state.status === 'waiting' ? `${state.code} ${state.reason}` : state.status));
const trades = client.subscribe({ exchange: ['binance'], symbols: ['BTC/USDT'], dataTypes: ['trade'] }, message => ids.push(message.data.id));
const health = client.subscribe({ dataTypes: ['health'] }, () => undefined);
client.connect();
const { streams } = await trades.ready;
await health.ready;

await ask('trades 1 50');
await until('50 trades', () => ids.length >= 50);
await ask('cut 100');
await until('the trades of the time without a connection', () => ids.length >= 100);
await until('the answer of both subscriptions', () => recovered.length >= 1);
const resumed = [...recovered];

const roundTrip = await client.ping();
const list = await client.list();
const stats = await client.getStats();
const refusals = [];
for (const call of [client.request('nonsense'), client.subscribe({ dataTypes: ['nothing'] }, () => undefined).ready]) {
  await call.catch(error => refusals.push(error instanceof RefusedError ? error.code : String(error)));
}

recovered.length = 0;
await ask('log 201 210');
await until('trades of another log', () => ids.includes(210));
const ofAnotherLog = recovered.includes(false);

await trades.unsubscribe();
await ask('trades 211 220');
await client.ping();
client.close();
console.log(JSON.stringify({
  streams, ids, resumed, holes, states, ofAnotherLog, refusals, roundTrip, duplicates: client.figures.duplicates, reconnects: client.figures.reconnects,
  filters: list.filters.map(one => one.filterId), messagesSent: stats.messagesSent,
}));
process.exit(0);
