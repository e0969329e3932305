// The WebSocket of a browser, in a page that the gateway itself serves, before /ws. Asks for what is to happen, see ws-stranger.js; ends with
// one line: what was said and seen.
// usage: node ws-browser.js URL EXAMPLES      examples: requests as a JSON array of texts
'use strict';
const ask = require('./ask.js');
const launch = require('./chromium.js');
const useEverything = require('./ws-stranger.js');

const [, , url, examples] = process.argv;

(async () => {
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(url);
  await page.exposeFunction('ask', ask);
  const told = await page.evaluate(
    `(${useEverything})(() => new WebSocket(${JSON.stringify(`${url.replace(/^http/, 'ws')}ws`)}), ask, ${examples})`);
  await browser.close();
  console.log(JSON.stringify(told));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
