// The page in a browser without a window, driven as a user would. Ends with one line of JSON: what was seen.
// What the page must show of a trouble is asked of whoever runs this: it prints {"ask":"stale"} and waits for a line in answer; the asks
// are stale and fresh (of the trades of the instrument), down and up (of the gateway).
// usage: node page.js URL INSTRUMENT OTHER FOLDER      instruments as venue:id; screenshots go to the folder
const { mkdirSync } = require('fs');
const { join } = require('path');
const ask = require('./ask.js');
const launch = require('./chromium.js');

const [, , url, instrument, other, folder] = process.argv;
const patience = 30_000;
const faults = [];
let page;

/** Waits until the function, run in the page, gives something true, and returns it. */
async function until(what, test, argument) {
  try {
    return await (await page.waitForFunction(test, argument, { timeout: patience, polling: 50 })).jsonValue();
  } catch (error) {
    await page.screenshot({ path: join(folder, 'failed.png') });
    throw new Error(`${what}: not seen in ${patience / 1000} s (${error.message.split('\n')[0]}); see ${join(folder, 'failed.png')}`);
  }
}

const text = id => page.locator(`#${id}`).textContent();
const isLive = () => until('live', () => document.getElementById('connection').dataset.state === 'live' && document.getElementById('banner').hidden);

/** Candles on the canvas itself: pixels in their two colours. */
const drawnCandles = () => until('candles on the canvas', () => {
  const style = getComputedStyle(document.documentElement);
  const wanted = ['--up', '--down'].map(name => parseInt(style.getPropertyValue(name).trim().slice(1), 16));
  let count = 0;
  for (const canvas of document.querySelectorAll('#chart canvas')) {
    if (canvas.width < 200) continue;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      if (wanted.includes((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])) count++;
    }
  }
  return count > 300 ? count : 0;
});

/** Number of candles of a series, once it is shown. */
const shown = (key, interval, least = 1) => until(`at least ${least} candles of ${key} ${interval}`, ([start, count]) => {
  const label = document.getElementById('chart').getAttribute('aria-label');
  const candles = label.startsWith(start) ? Number(/: (\d+) candles/.exec(label)?.[1] ?? 0) : 0;
  return candles >= count ? candles : 0;
}, [`${key}, ${interval}:`, least]);

async function priceMoves() {
  const before = await text('last-price');
  await until('a moving candle', price => document.getElementById('last-price').textContent !== price, before);
  const legend = await text('legend');
  await until('a moving legend', words => document.getElementById('legend').textContent !== words, legend);
}

async function run() {
  const seen = {};
  await page.goto(`${url}?instrument=${instrument}&interval=1m`);
  await isLive();
  seen.history = await shown(instrument, '1m');
  seen.pixels = await drawnCandles();
  await priceMoves();
  await until('trades', () => [...document.querySelectorAll('#tape li:not([hidden])')].length >= 3);
  await until('bid and ask', () => ['bid', 'ask'].every(id => Number(document.getElementById(id).textContent.replaceAll(',', '')) > 0));
  const [bid, ask_] = await Promise.all(['bid', 'ask'].map(async id => Number((await text(id)).replaceAll(',', ''))));
  if (!(bid < ask_)) throw new Error(`bid ${bid} is not below ask ${ask_}`);
  seen.streams = await until('the board', () => document.querySelectorAll('#board td[data-stream]').length);
  await page.screenshot({ path: join(folder, 'dark.png') });

  // Another interval, by the row of buttons; the address follows, and "back" leads back.
  await page.getByRole('radio', { name: '1s', exact: true }).click();
  await until('the interval in the address', () => new URLSearchParams(location.search).get('interval') === '1s');
  seen.seconds = await shown(instrument, '1s');
  await priceMoves();
  await page.goBack();
  await shown(instrument, '1m');
  await until('the interval of before', () => document.querySelector('[role=radio][aria-checked=true]').textContent === '1m');

  // Older candles come when the left end is near.
  const box = await page.locator('#chart').boundingBox();
  if (seen.history >= 300) {
    for (let i = 0; i < 6; i++) {
      await page.mouse.move(box.x + 150, box.y + 150);
      await page.mouse.down();
      await page.mouse.move(box.x + 750, box.y + 150, { steps: 4 });
      await page.mouse.up();
    }
    seen.older = await shown(instrument, '1m', seen.history + 100);
    await page.getByRole('button', { name: 'Latest' }).click();
  }

  // Another instrument, found in a foreign spelling.
  const name = other.slice(other.indexOf(':') + 1);
  await page.keyboard.press('/');
  await page.keyboard.type(`${name.replace('-', '/').toLowerCase()} m5`);
  await until('the instrument in the list', key => document.querySelector('#picker-list [aria-selected=true] .name')?.textContent === key, name);
  await page.keyboard.press('Enter');
  await shown(other, '5m');
  await isLive();
  await priceMoves();

  // What is stale is said to be, with the reason, and no longer once it is not.
  await page.goto(`${url}?instrument=${instrument}&interval=1m`);
  await isLive();
  await ask('stale');
  seen.stale = await until('the banner of stale data', () => {
    const banner = document.getElementById('banner');
    return !banner.hidden && banner.dataset.kind === 'stale' && document.getElementById('connection-text').textContent === 'Stale'
      ? document.getElementById('banner-text').textContent : '';
  });
  await until('the board says stale', stream => document.querySelector(`#board td.stale[data-stream="${stream}"]`), `${instrument}:trade`);
  await page.screenshot({ path: join(folder, 'stale.png') });
  await ask('fresh');
  await isLive();

  // The gateway goes away and comes back.
  await ask('down');
  seen.lost = await until('the banner of a lost connection', () => {
    const banner = document.getElementById('banner');
    return !banner.hidden && banner.dataset.kind === 'lost' && /Trying/.test(document.getElementById('banner-countdown').textContent)
      ? document.getElementById('banner-text').textContent : '';
  });
  await page.screenshot({ path: join(folder, 'lost.png') });
  await ask('up');
  await isLive();
  await priceMoves();
  seen.reconnected = true;

  // Light is remembered.
  await page.getByRole('button', { name: 'Switch between dark and light' }).click();
  await page.reload();
  await isLive();
  seen.theme = await page.evaluate(() => document.documentElement.dataset.theme);
  await shown(instrument, '1m');
  await drawnCandles();
  await page.screenshot({ path: join(folder, 'light.png') });

  // On a phone: one panel at a time, nothing wider than the screen.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await isLive();
  await drawnCandles();
  await page.screenshot({ path: join(folder, 'phone.png') });
  for (const tab of ['Trades', 'Streams', 'Figures', 'Book']) {
    await page.getByRole('tab', { name: tab }).click();
    await until(`${tab} on the phone`, id => document.getElementById(id).offsetHeight > 100, `${tab.toLowerCase()}-panel`);
  }
  seen.overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  seen.unnamed = await page.evaluate(() => [...document.querySelectorAll('button, input, [role=tab], [role=radio]')]
    .filter(one => !(one.textContent.trim() || one.ariaLabel || one.title)).map(one => one.outerHTML));
  return seen;
}

(async () => {
  mkdirSync(folder, { recursive: true });
  const browser = await launch();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  page.on('pageerror', error => faults.push(error.message));
  page.on('console', message => /Content Security Policy|Refused to/.test(message.text()) && faults.push(message.text()));
  // Nothing may be asked of another host: the page works without internet.
  page.on('request', request => new URL(request.url()).host !== new URL(url).host && faults.push(`asked elsewhere: ${request.url()}`));
  const seen = await run();
  await browser.close();
  console.log(JSON.stringify({ ...seen, faults }));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
