// npm's ws, raw, before /ws. Asks for what is to happen, see ws-stranger.js; ends with one line: what was said and seen.
// usage: node ws.js URL EXAMPLES plain|deflate      examples: requests as a JSON array of texts
'use strict';
const { WebSocket } = require('ws');
const ask = require('./ask.js');
const useEverything = require('./ws-stranger.js');

const [, , url, examples, mode] = process.argv;
const wires = [];

function connect() {
  // Everything it says is compressed too, however short.
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}ws`, { perMessageDeflate: mode === 'deflate' ? { threshold: 0 } : false });
  socket.on('upgrade', response => wires.push(response.socket));
  socket.on('error', error => {
    console.error(error);
    process.exit(1);
  });
  return socket;
}

useEverything(connect, ask, JSON.parse(examples)).then(told => {
  console.log(JSON.stringify({ ...told, bytesRead: wires.reduce((sum, wire) => sum + wire.bytesRead, 0) }));
  process.exit(0);
}).catch(error => {
  console.error(error);
  process.exit(1);
});
