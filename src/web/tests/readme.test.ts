import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const sample = file('docs/raw.js');

test('the README shows the sample that is tried here', () => {
  assert.ok(file('../../README.md').includes(`\`\`\`js\n${sample}\`\`\`\n`), 'docs/raw.js and README.md differ');
  assert.ok(sample.trimEnd().split('\n').length <= 24);
});

test('the sample shows trades and candles, and comes back where it was when it is cut', { timeout: 30_000 }, async () => {
  const mock = spawn('node', [new URL('../../dev/mock.js', import.meta.url).pathname, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const sockets: WebSocket[] = [];
  try {
    const { value: url } = await createInterface({ input: mock.stdout })[Symbol.asyncIterator]().next() as { value: string };
    const seen: unknown[][] = [];
    class Recorded extends WebSocket {
      constructor(address: string) {
        super(address);
        sockets.push(this);
      }
    }
    const code = sample.replace('ws://127.0.0.1:8080/ws', `${url.replace('http', 'ws')}ws`);
    runInNewContext(code, { WebSocket: Recorded, console: { log: (...all: unknown[]) => seen.push(all) }, JSON, Math, Number, Object, setTimeout });
    const until = async (test: () => boolean) => {
      while (!test()) await new Promise(resolve => setTimeout(resolve, 10));
    };
    await until(() => ['trade', 'candle:1m'].every(type => seen.some(([stream]) => stream === `binance:BTC-USDT:${type}`)));
    await fetch(`${url}mock/drop?code=4006&reason=MEMORY%20retryAfterMs=50%20reconnect=yes`);
    await until(() => seen.some(([message]) => (message as { recovered?: boolean }).recovered === true));
    assert.equal(sockets.length, 2);
  } finally {
    sockets.forEach(socket => {
      socket.onclose = null;
      socket.close();
    });
    mock.kill();
  }
});
