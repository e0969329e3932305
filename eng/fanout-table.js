// Medians of the fan-out rounds, and the ratio of each mode to npm's server of its kind within each round. usage: node fanout-table.js MODE... -- RESULTS...
const fs = require('fs');

const split = process.argv.indexOf('--');
const modes = process.argv.slice(2, split);
const rounds = process.argv.slice(split + 1).map(file => {
  const peers = {};
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const fields = Object.fromEntries([...line.matchAll(/(\S+?)=(\S+)/g)].map(match => [match[1], isNaN(match[2]) ? match[2] : Number(match[2])]));
    if (!fields.peer) continue;
    const peer = (peers[fields.peer] ??= { steps: [] });
    if (line.startsWith('CONNECT')) peer.connect = fields;
    if (line.startsWith('STEP') && fields.pub_s !== 999) peer.steps.push(fields);
  }
  return peers;
});

const figures = {
  'highest rate with p99 < 50 ms, k/s': peer => Math.max(0, ...peer.steps.filter(step => step.ok === 1).map(step => step.target_del_s)) / 1000,
  'CPU per delivery at 20 k/s, us': peer => at(peer, 1000)?.us_cpu_per_del,
  'p50 at 20 k/s, ms': peer => at(peer, 1000)?.p50,
  'p99 at 20 k/s, ms': peer => at(peer, 1000)?.p99,
  'memory per connection, kB': peer => peer.connect?.kb_conn,
  'all clients connected, ms': peer => peer.connect?.ms,
  'lost at 20 k/s, %': peer => at(peer, 1000)?.loss_pct,
  'cut at 20 k/s': peer => at(peer, 1000)?.closed,
};
// What is asked of the ratio (or of ours alone), and, in brackets, what is aimed at.
const goalsOf = {
  sio: {
    'highest rate with p99 < 50 ms, k/s': { least: 6, aim: 15 },
    'CPU per delivery at 20 k/s, us': { most: 0.7, aim: 0.5 },
    'p99 at 20 k/s, ms': { most: 0.4, aim: 0.2 },
    'memory per connection, kB': { most: 0.6, aim: 0.3 },
    'all clients connected, ms': { most: 0.3 },
    'lost at 20 k/s, %': { most: 0, own: true },
    'cut at 20 k/s': { most: 0, own: true },
  },
};
const goalsOfLinks = {
  'highest rate with p99 < 50 ms, k/s': { least: 6, aim: 12 },
  'CPU per delivery at 20 k/s, us': { most: 1.2, aim: 0.8 },
  'p99 at 20 k/s, ms': { most: 1.2 },
  'memory per connection, kB': { most: 16, aim: 8, own: true },
  'all clients connected, ms': { most: 1 },
  'lost at 20 k/s, %': { most: 0, own: true },
  'cut at 20 k/s': { most: 0, own: true },
};

function verdict(goal, ours, ratio) {
  if (!goal) return '';
  const value = goal.own ? ours : ratio;
  const text = `${goal.least === undefined ? '<=' : '>='} ${goal.least ?? goal.most}${goal.aim === undefined ? '' : ` (${goal.aim})`}${goal.own ? ' of ours' : ''}`;
  if (Number.isNaN(value)) return `${text}: not measured`;
  return `${text}: ${(goal.least === undefined ? value <= goal.most : value >= goal.least) ? 'met' : 'MISSED'}`;
}

function at(peer, published) {
  return peer.steps.find(step => step.pub_s === published);
}

function median(values) {
  const sorted = values.filter(value => value !== undefined && !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

const show = value => (Number.isNaN(value) ? '-' : value >= 100 ? value.toFixed(0) : value.toFixed(2)).padStart(9);
for (const mode of modes) {
  const name = mode === 'sio' ? 'socketio' : 'ws';
  const goals = goalsOf[mode] ?? goalsOfLinks;
  console.log(`\n${mode.padEnd(36)}${'ours'.padStart(9)}${name.padStart(9)}${'ratio'.padStart(9)}  ${'asked (aimed at)'.padEnd(28)} ratio of each round`);
  for (const [what, figure] of Object.entries(figures)) {
    const pairs = rounds.filter(round => round[mode] && round[name]).map(round => [figure(round[mode]), figure(round[name])]);
    const ratios = pairs.map(([ours, theirs]) => ours / theirs);
    const [ours, theirs, ratio] = [median(pairs.map(pair => pair[0])), median(pairs.map(pair => pair[1])), median(ratios)];
    console.log(`${what.padEnd(36)}${show(ours)}${show(theirs)}${show(ratio)}  ${verdict(goals[what], ours, ratio).padEnd(28)} ${ratios.filter(one => !Number.isNaN(one)).map(one => one.toFixed(2)).join(' ')}`);
  }
}
