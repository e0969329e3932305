// The peer: npm `socket.io`. "sub" joins a room, "pub" emits to it. usage: node socketio-server.js PORT
const { Server } = require('socket.io');

const io = new Server(Number(process.argv[2]), { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
io.on('connection', socket => {
  socket.on('sub', room => socket.join(room));
  socket.on('pub', (room, message) => io.to(room).emit('m', message));
});
console.log('ready');
