// The official client: node socketio.js MODE URL, with MODE = polling | websocket | upgrade | namespaces | recovery.
'use strict';

const { io } = require('socket.io-client');

const [mode, url] = process.argv.slice(2);
const patience = 60_000;

function until(register, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${what}`)), patience);
    register((...values) => {
      clearTimeout(timer);
      resolve(values);
    });
  });
}

function connect(options, path = '') {
  return io(url + path, { forceNew: true, reconnection: false, ...options });
}

async function transports(names, upgrades) {
  const socket = connect({ transports: names, auth: { token: 'abc' }, query: { q: 'a b' } });
  await until(done => socket.on('connect', done), 'connect');
  if (upgrades) {
    await until(done => (socket.io.engine.transport.name === 'websocket' ? done() : socket.io.engine.on('upgrade', done)), 'upgrade');
  }

  const [welcome] = await until(done => socket.emit('who', done), 'who');
  const echoed = until(done => socket.on('echoed', done), 'echo');
  socket.emit('echo', 1, 'two €', { three: [true, null] }, Buffer.from([1, 2, 255]), { deep: { bytes: Buffer.from([]) } });
  const echo = await echoed;
  const acked = await socket.timeout(patience).emitWithAck('ack', 'x', Buffer.from([9, 8]));

  // The server asks, the client acknowledges with bytes.
  socket.on('ask', (question, answer) => answer(question + '!', Buffer.from([7])));
  const [asked] = await until(done => socket.emit('ask-me', done), 'answer to the question');

  // Several heartbeats.
  const pings = [];
  await until(done => socket.io.on('ping', () => pings.push(1) === 3 && done()), 'three pings');
  const transport = socket.io.engine.transport.name;
  const closed = until(done => socket.on('disconnect', done), 'disconnect');
  socket.emit('bye');
  const [reason] = await closed;
  return {
    transport,
    welcome,
    echo: echo.slice(0, 3),
    bytes: [...echo[3]],
    isBinary: Buffer.isBuffer(echo[3]) && Buffer.isBuffer(echo[4].deep.bytes),
    acked,
    asked,
    pings: pings.length,
    reason,
  };
}

async function namespaces() {
  const manager = connect({ transports: ['websocket'] });
  await until(done => manager.on('connect', done), 'connect');
  const admin = manager.io.socket('/admin', { auth: { token: 'secret' } });
  await until(done => admin.on('connect', done), 'connect to /admin');
  const stranger = connect({ transports: ['websocket'], auth: { token: 'wrong' } }, '/admin');
  const [refused] = await until(done => stranger.on('connect_error', done), 'refusal');
  const nowhere = connect({ transports: ['polling'] }, '/nowhere');
  const [unknown] = await until(done => nowhere.on('connect_error', done), 'unknown namespace');
  const [ofAdmin] = await until(done => admin.emit('who', done), 'who');
  const [ofMain] = await until(done => manager.emit('who', done), 'who');
  return {
    sameConnection: admin.io === manager.io,
    ids: admin.id !== manager.id,
    refused: [refused.message, refused.data],
    unknown: unknown.message,
    spaces: [ofMain.space, ofAdmin.space],
  };
}

async function recovery() {
  const socket = connect({ transports: ['polling', 'websocket'], reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
  await until(done => socket.on('connect', done), 'connect');
  const id = socket.id;
  const seen = [];
  let recovered = 0;
  let lost = 0;
  socket.on('connect', () => (socket.recovered && socket.id === id ? recovered++ : lost++));
  socket.on('n', n => seen.push(n));
  socket.emit('join');
  for (let i = 0; i < 10; i++) {
    const from = seen.length;
    await until(done => {
      const timer = setInterval(() => seen.length > from + 20 && (clearInterval(timer), done()), 1);
    }, 'events');
    const back = until(done => socket.once('connect', done), 'reconnect');
    if (i % 2 === 0) {
      socket.io.engine.close();
    } else if (socket.io.engine.transport.ws) {
      // Without a word, as when the network goes.
      socket.io.engine.transport.ws.terminate();
    } else {
      socket.io.engine.close();
    }

    await back;
  }

  const gaps = seen.filter((n, i) => i > 0 && n !== seen[i - 1] + 1).length;
  return { recovered, lost, gaps, events: seen.length };
}

const modes = {
  polling: () => transports(['polling'], false),
  websocket: () => transports(['websocket'], false),
  upgrade: () => transports(['polling', 'websocket'], true),
  namespaces,
  recovery,
};

modes[mode]().then(result => {
  console.log(JSON.stringify(result));
  process.exit(0);
}, error => {
  console.error(error);
  process.exit(1);
});
