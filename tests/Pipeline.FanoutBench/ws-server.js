// The peer: npm `ws`. "+ROOM" subscribes, "ROOM payload" publishes to it. usage: node ws-server.js PORT
const { WebSocketServer, WebSocket } = require('ws');

const rooms = new Map();
const server = new WebSocketServer({ port: Number(process.argv[2]), host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', socket => {
  const joined = [];
  socket.on('message', data => {
    if (data[0] === 43) {
      const name = data.toString('latin1', 1);
      let room = rooms.get(name);
      if (!room) rooms.set(name, (room = new Set()));
      room.add(socket);
      joined.push(room);
      return;
    }
    const blank = data.indexOf(32);
    const payload = data.subarray(blank + 1);
    for (const client of rooms.get(data.toString('latin1', 0, blank)) ?? [])
      if (client.readyState === WebSocket.OPEN) client.send(payload, { binary: false });
  });
  socket.on('close', () => joined.forEach(room => room.delete(socket)));
});
server.on('listening', () => console.log('ready'));
