// The system's own Chromium, without a window: no browser is downloaded.
'use strict';
const { execFileSync } = require('child_process');
const { chromium } = require('playwright-core');

function find() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // The next one.
    }
  }
  throw new Error('no browser is installed: make prerequisites');
}

module.exports = () => chromium.launch({ executablePath: find(), args: ['--no-sandbox', '--disable-gpu'] });
