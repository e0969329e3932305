// Runs the commands of documents; see docs.sh, which makes the place for it. Comments above a fenced block say how:
//
//   <!-- not run: REASON -->   not at all; the reason is printed
//   <!-- stack -->             while the stack of `make up` runs
//
// A command that goes on until it is stopped is stopped after some seconds, and must have printed something and end well then.
'use strict';
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');

const limitMs = 300_000;
const lookMs = 8_000;
const mostLooks = 8;
const endless = /^(artifacts\/)?pipeline (up|broker|simulate|collect|gateway|tail|record)\b(?!.*(--detach|--count|--for|--list|--help))|--follow/;

function blocksOf(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const blocks = [];
  const text = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = lines[at].match(/^(\s*)```(\w*)\s*$/);
    if (!fence) {
      text.push([at + 1, lines[at]]);
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && line.trim() === '```');
    if (end < 0) throw new Error(`${file}:${at + 1}: a fence without an end`);
    if (['sh', 'bash', 'console', 'shell'].includes(fence[2])) {
      const above = lines.slice(Math.max(0, at - 3), at).join('\n').match(/<!--\s*(not run:\s*([^>]*?)|stack)\s*-->\s*$/);
      blocks.push({ file, line: at + 1, notRun: above?.[2], needsStack: above?.[1] === 'stack', commands: commandsOf(lines.slice(at + 1, end)) });
    }
    at = end;
  }
  return { blocks, text };
}

/** Lines joined by a backslash are one; a comment behind two spaces is none of the command. */
function commandsOf(lines) {
  return lines.join('\n').replace(/\\\n\s*/g, ' ').split('\n')
    .map(line => line.replace(/(^|\s\s+)#.*$/, '').trim())
    .filter(line => line !== '');
}

async function run(command) {
  const started = Date.now();
  const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', data => { output = (output + data).slice(-20_000); });
  child.stderr.on('data', data => { output = (output + data).slice(-20_000); });
  const isEndless = endless.test(command);
  let wasStopped = false;
  let isLate = false;
  // One that has not said anything yet, on a busy machine, is waited for some more.
  let looks = 0;
  const stop = setInterval(() => {
    if (isEndless && output.trim() === '' && ++looks < mostLooks) return;
    clearInterval(stop);
    wasStopped = true;
    isLate = !isEndless;
    try { process.kill(-child.pid, isEndless ? 'SIGINT' : 'SIGKILL'); } catch { /* it has just ended */ }
  }, isEndless ? lookMs : limitMs);
  const kill = setTimeout(() => { isLate = true; try { process.kill(-child.pid, 'SIGKILL'); } catch { /* as above */ } }, limitMs + 30_000);
  // What stays behind in the background keeps no pipe open that would be waited for: 'exit', not 'close'.
  const code = await new Promise(resolve => child.on('exit', (value, signal) => resolve(value ?? signal)));
  clearInterval(stop);
  clearTimeout(kill);
  const good = !isLate && (code === 0 || (wasStopped && (code === 130 || code === 'SIGINT'))) && (!isEndless || output.trim() !== '');
  return { good, seconds: (Date.now() - started) / 1000, output, why: isLate ? `still runs after ${limitMs / 1000} s` : `ends with ${code}` };
}

const stackRuns = () => fs.existsSync('artifacts/run/up.pid');

/** Commands in the text, `make X` and `pipeline X --option`: they must exist. */
function lookUp(file, text) {
  const faults = [];
  let count = 0;
  const targets = new Set([...fs.readFileSync('Makefile', 'utf8').matchAll(/^([a-z0-9-]+):/gm)].map(match => match[1]));
  for (const [line, content] of text) {
    for (const [, code] of content.matchAll(/`([^`]+)`/g)) {
      const words = code.trim().split(/\s+/);
      while (/^[A-Z_]+=/.test(words[0] ?? '')) words.shift();
      if (words[0] === 'make' && words[1]) {
        count++;
        for (const word of words.slice(1).filter(each => /^[a-z][a-z0-9-]*$/.test(each))) {
          if (!targets.has(word)) faults.push(`${file}:${line}: there is no 'make ${word}'`);
        }
      } else if (/^(artifacts\/)?pipeline$/.test(words[0]) && /^[a-z]+$/.test(words[1] ?? '')) {
        count++;
        const help = helpOf(words[1]);
        if (help === null) {
          faults.push(`${file}:${line}: there is no 'pipeline ${words[1]}'`);
          continue;
        }
        for (const option of words.slice(2).map(word => word.match(/^--[a-z-]+/)?.[0]).filter(Boolean)) {
          if (!help.includes(option)) faults.push(`${file}:${line}: 'pipeline ${words[1]}' has no ${option}`);
        }
      }
    }
  }
  return { count, faults };
}

const helps = new Map();
function helpOf(command) {
  if (!helps.has(command)) {
    const ask = (...words) => spawnSync('artifacts/pipeline', [...words, '--help'], { encoding: 'utf8' }).stdout;
    // Of a command that does not exist the help of all is given.
    let text = ask(command);
    if (text === ask()) text = null;
    // Of a command with commands of its own, theirs too.
    if (text !== null && /^Commands:/m.test(text)) {
      for (const [, inner] of text.slice(text.indexOf('Commands:')).matchAll(/^ {2}([a-z]+)/gm)) {
        text += ask(command, inner);
      }
    }
    helps.set(command, text);
  }
  return helps.get(command);
}

async function main() {
  const started = Date.now();
  const files = process.argv.slice(2).sort((a, b) => (b === 'README.md') - (a === 'README.md') || (a < b ? -1 : 1));
  const faults = [];
  const skipped = [];
  let ran = 0;
  let named = 0;
  const all = [];
  for (const file of files) {
    const { blocks, text } = blocksOf(file);
    all.push(...blocks);
    const { count, faults: unknown } = lookUp(file, text);
    named += count;
    faults.push(...unknown);
  }
  for (const fault of faults) console.log(`  ${fault}`);
  for (const block of all) {
    for (const command of block.commands) {
      const place = `${block.file}:${block.line}`;
      if (block.notRun) {
        skipped.push(`${place}  ${command}  (${block.notRun})`);
        continue;
      }
      if (block.needsStack && !stackRuns()) {
        const up = await run('make up');
        if (!up.good) throw new Error(`make up ${up.why}:\n${up.output}`);
      }
      const { good, seconds, output, why } = await run(command);
      console.log(`  ${good ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(5)} s  ${place}  ${command}`);
      ran++;
      if (!good) {
        faults.push(`${place}: ${command} ${why}`);
        console.log(output.split('\n').slice(-30).map(line => `      ${line}`).join('\n'));
      }
    }
  }
  if (stackRuns()) await run('make down');
  for (const line of skipped) console.log(`  not run  ${line}`);
  console.log(`docs: ${ran} commands run, ${skipped.length} not, ${named} more looked up, in ${files.length} documents; ${faults.length} faults; ${Math.round((Date.now() - started) / 1000)} s`);
  for (const fault of faults) console.log(`  ${fault}`);
  process.exit(faults.length > 0 ? 1 : 0);
}

main().catch(error => { console.error(`docs: ${error.message}`); process.exit(1); });
