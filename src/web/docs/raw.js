const position = { epoch: '', streams: {} };
let attempts = 0;
function connect() {
  const socket = new WebSocket('ws://127.0.0.1:8080/ws');
  const filters = { exchange: ['binance'], symbols: ['BTC-USDT'], dataTypes: ['trade', 'candle:1m'] };
  socket.onopen = () => socket.send(JSON.stringify({ op: 'subscribe', id: '1', filterId: 'f1', filters, ...(position.epoch && { resume: position }) }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type !== 'data') return console.log(message); // ack; recovered: false when something may be missing; error
    if (message.epoch !== position.epoch) Object.assign(position, { epoch: message.epoch, streams: {} });
    position.streams[message.stream] = message.seq;
    attempts = 0;
    console.log(message.stream, message.data.price ?? message.data.close);
  };
  socket.onclose = ({ code, reason }) => {
    const asked = Number(/retryAfterMs=(\d+)/.exec(reason)?.[1] ?? 0);
    if (!reason.includes('reconnect=no')) setTimeout(connect, asked + Math.random() * Math.min(30_000, 500 * 2 ** attempts++));
    else console.log(`not welcome: ${code} ${reason}`);
  };
}
connect();
