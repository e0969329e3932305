// What the documents of Engine.IO 4 and Socket.IO 5 say, tried on the bare wire: node socketio-wire.js URL. Prints the names of the checks.
'use strict';

const assert = require('node:assert/strict');
const WebSocket = require('ws');

const url = process.argv[2];
const checks = {};

/** A WebSocket whose messages are taken one by one. */
class Wire {
  constructor(path, query) {
    this.waiting = [];
    this.taken = [];
    this.socket = new WebSocket(`${url.replace('http', 'ws')}${path}?${query}`);
    this.socket.on('message', (data, isBinary) => this.put(isBinary ? [...data] : data.toString()));
    this.socket.on('close', () => this.put('closed'));
    this.socket.on('error', () => {});
    this.open = new Promise(resolve => this.socket.on('open', resolve));
  }

  put(message) {
    const next = this.waiting.shift();
    next ? next(message) : this.taken.push(message);
  }

  next() {
    return this.taken.length ? Promise.resolve(this.taken.shift()) : new Promise(resolve => this.waiting.push(resolve));
  }

  async nextBut(unwanted) {
    for (;;) {
      const message = await this.next();
      if (message !== unwanted) {
        return message;
      }
    }
  }

  async closed() {
    while (await this.next() !== 'closed') {
      // What was on its way.
    }
  }

  send(...messages) {
    messages.forEach(message => this.socket.send(message));
    return this;
  }
}

const polling = (path, sid) => `${url}${path}?EIO=4&transport=polling${sid ? '&sid=' + sid : ''}`;
const websocket = sid => `EIO=4&transport=websocket${sid ? '&sid=' + sid : ''}`;

async function get(path, sid) {
  const response = await fetch(polling(path, sid));
  return [response.status, await response.text()];
}

async function post(path, sid, body) {
  const response = await fetch(polling(path, sid), { method: 'POST', body });
  return [response.status, await response.text()];
}

async function session(path) {
  const [status, body] = await get(path);
  assert.equal(status, 200);
  assert.equal(body[0], '0');
  return JSON.parse(body.slice(1)).sid;
}

async function wire(path) {
  const client = new Wire(path, websocket());
  assert.match(await client.next(), /^0\{/);
  return client;
}

async function joined(space = '') {
  const client = (await wire('/socket.io/')).send(`40${space}`);
  assert.match(await client.next(), /^40/);
  assert.match(await client.next(), /"auth"/);
  return client;
}

for (const path of ['/engine.io/', '/socket.io/']) {
  checks[`${path} handshake`] = async () => {
    const [, body] = await get(path);
    const open = JSON.parse(body.slice(1));
    assert.deepEqual(Object.keys(open).sort(), ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades']);
    assert.deepEqual([open.upgrades, open.pingInterval, open.pingTimeout, open.maxPayload], [['websocket'], 300, 200, 1000000]);
  };

  checks[`${path} refusals`] = async () => {
    for (const query of ['', 'EIO=4', 'transport=polling', 'EIO=3&transport=polling', 'EIO=4&transport=x', 'EIO=4&transport=polling&sid=x']) {
      assert.equal((await fetch(`${url}${path}?${query}`)).status, 400, query);
    }

    for (const query of ['transport=websocket', 'EIO=4', 'EIO=4&transport=x', 'EIO=4&transport=websocket&sid=x']) {
      assert.equal(await new Wire(path, query).next(), 'closed', query);
    }
  };

  checks[`${path} heartbeat over polling`] = async () => {
    const sid = await session(path);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await get(path, sid), [200, '2']);
      assert.deepEqual(await post(path, sid, '3'), [200, 'ok']);
    }

    await new Promise(resolve => setTimeout(resolve, 520));
    assert.equal((await get(path, sid))[0], 400);
  };

  checks[`${path} heartbeat over WebSocket`] = async () => {
    const client = await wire(path);
    assert.equal(await client.next(), '2');
    client.send('3');
    assert.equal(await client.next(), '2');
    assert.equal(await client.next(), 'closed');
  };

  checks[`${path} overlapping polls`] = async () => {
    const sid = await session(path);
    const first = get(path, sid);
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal((await get(path, sid))[0], 400);
    assert.deepEqual(await first, [200, '1']);
    assert.equal((await get(path, sid))[0], 400);
  };

  checks[`${path} aborted poll`] = async () => {
    const sid = await session(path);
    const abort = new AbortController();
    const poll = fetch(polling(path, sid), { signal: abort.signal }).catch(() => 'aborted');
    await new Promise(resolve => setTimeout(resolve, 20));
    abort.abort();
    assert.equal(await poll, 'aborted');
    assert.equal((await get(path, sid))[0], 400);
  };

  checks[`${path} close over polling`] = async () => {
    const sid = await session(path);
    const [poll] = await Promise.all([get(path, sid), post(path, sid, '1')]);
    assert.deepEqual(poll, [200, '6']);
    assert.equal((await get(path, sid))[0], 400);
  };

  checks[`${path} too much`] = async () => {
    const sid = await session(path);
    assert.equal((await post(path, sid, '4' + 'x'.repeat(1000000)))[0], 413);
    assert.equal((await get(path, sid))[0], 400);
    const client = await wire(path);
    client.send('4' + 'x'.repeat(1000000));
    await client.closed();
  };
}

checks['echo over polling'] = async () => {
  for (const body of ['4hello', '4€\x1e4b\x1ebAQIDBA==', '4' + 'x'.repeat(200000)]) {
    const sid = await session('/engine.io/');
    assert.deepEqual(await post('/engine.io/', sid, body), [200, 'ok']);
    assert.deepEqual(await get('/engine.io/', sid), [200, body]);
  }
};

checks['echo over WebSocket'] = async () => {
  const client = (await wire('/engine.io/')).send('4hello €', Buffer.from([1, 2, 3]));
  assert.deepEqual([await client.next(), await client.next()], ['4hello €', [1, 2, 3]]);
};

checks['upgrade'] = async () => {
  const sid = await session('/engine.io/');
  const poll = get('/engine.io/', sid);
  const client = new Wire('/engine.io/', websocket(sid));
  await client.open;
  client.send('2probe');
  assert.equal(await client.next(), '3probe');
  assert.deepEqual(await poll, [200, '6']);
  client.send('5', '4over');
  assert.equal(await client.next(), '4over');
  assert.equal((await get('/engine.io/', sid))[0], 400);
  const second = new Wire('/engine.io/', websocket(sid));
  await second.closed();
  client.send('4still');
  assert.equal(await client.nextBut('2'), '4still');
};

checks['malformed Engine.IO packets'] = async () => {
  for (const body of ['abc', '9', '', '4a\x1e', 'b*']) {
    const sid = await session('/engine.io/');
    assert.equal((await post('/engine.io/', sid, body))[0], 400, body);
    assert.equal((await get('/engine.io/', sid))[0], 400, body);
  }

  for (const message of ['abc', '9', '']) {
    await (await wire('/engine.io/')).send(message).closed();
  }
};

checks['CORS'] = async () => {
  const response = await fetch(polling('/socket.io/'), { headers: { origin: 'https://elsewhere.example' } });
  assert.equal(response.headers.get('access-control-allow-origin'), '*');
  assert.equal((await fetch(polling('/socket.io/'), { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } })).status, 204);
};

checks['connect'] = async () => {
  for (const [sent, space, auth] of [['40', '', '{}'], ['40{"a":1}', '', '{"a":1}'], ['40/custom,', '/custom,', '{}'], ['40/custom,{"a":1}', '/custom,', '{"a":1}']]) {
    const client = (await wire('/socket.io/')).send(sent);
    const answer = await client.next();
    assert.ok(answer.startsWith('40' + space));
    assert.deepEqual(Object.keys(JSON.parse(answer.slice(2 + space.length))), ['sid']);
    assert.equal(await client.next(), `42${space}["auth",${auth}]`);
  }

  assert.equal(await (await wire('/socket.io/')).send('40/random').next(), '44/random,{"message":"Invalid namespace"}');
};

checks['disconnect'] = async () => {
  const client = await joined();
  client.send('40/custom');
  assert.match(await client.nextBut('2'), /^40\/custom,/);
  assert.match(await client.nextBut('2'), /auth/);
  client.send('41/custom', '42["message","to main"]');
  assert.equal(await client.nextBut('2'), '42["message-back","to main"]');
  client.send('3', '41');
  assert.equal(await client.next(), '2');
};

checks['events and acknowledgements'] = async () => {
  const client = await joined();
  client.send('42["message",1,"2",{"3":[true]}]', '42456["message-with-ack",1,"2",{"3":[false]}]');
  assert.equal(await client.nextBut('2'), '42["message-back",1,"2",{"3":[true]}]');
  assert.equal(await client.nextBut('2'), '43456[1,"2",{"3":[false]}]');
};

checks['binary events and acknowledgements'] = async () => {
  const client = await joined();
  const places = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
  client.send(`452-["message",${places}]`, Buffer.from([1, 2, 3]), Buffer.from([4]));
  assert.deepEqual([await client.nextBut('2'), await client.nextBut('2'), await client.nextBut('2')], [`452-["message-back",${places}]`, [1, 2, 3], [4]]);
  client.send('3', `452-789["message-with-ack",${places}]`, Buffer.from([1, 2, 3]), Buffer.from([4]));
  assert.deepEqual([await client.nextBut('2'), await client.nextBut('2'), await client.nextBut('2')], [`462-789[${places}]`, [1, 2, 3], [4]]);
};

checks['malformed Socket.IO packets'] = async () => {
  const deep = '42["message",' + '['.repeat(5000) + ']'.repeat(5000) + ']';
  const bad = ['4abc', '42{}', '42', '42[]', '42abc["message"]', '42["disconnect"]', '450-["message"]', '45999-["message"]', '43[]', '44{}', '40', deep];
  const other = await joined();
  for (const packet of bad) {
    await (await joined()).send(packet).closed();
  }

  await (await joined()).send('451-["message",{"_placeholder":true,"num":5}]', Buffer.from([1])).closed();
  await (await joined()).send('451-["message",{"_placeholder":true,"num":0}]', '42["message"]').closed();
  await (await joined()).send(Buffer.from([1])).closed();

  // Everybody else lives: the other one is dead only of its own silence.
  await other.closed();
  const alive = (await joined()).send('42["message",1]');
  assert.equal(await alive.nextBut('2'), '42["message-back",1]');
};

checks['nobody joins'] = async () => {
  const client = await wire('/socket.io/');
  const started = Date.now();
  for (;;) {
    const message = await client.next();
    if (message === 'closed') {
      break;
    }

    client.send('3');
  }

  assert.ok(Date.now() - started >= 900, 'closed before its time');
};

// The limits of the conformance app are as short as 200 ms, and a busy machine may stand still for longer. What is wrong with a server is
// wrong each time.
const ATTEMPTS = 3;

async function attempt(name, check) {
  const patience = new Promise((_, reject) => setTimeout(() => reject(new Error('nothing came')), 15000).unref());
  await Promise.race([check(), patience]).catch(error => {
    error.message = `${name}: ${error.message}`;
    throw error;
  });
}

(async () => {
  const repeated = [];
  for (const [name, check] of Object.entries(checks)) {
    for (let left = ATTEMPTS - 1; ; left--) {
      try {
        await attempt(name, check);
        break;
      } catch (error) {
        if (left === 0) {
          throw error;
        }

        repeated.push(`${name}: ${error.message}`);
      }
    }
  }

  console.log(JSON.stringify({ passed: Object.keys(checks), repeated }));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
