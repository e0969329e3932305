// Asks whoever runs the script to bring something about: prints {"ask":what} and waits for a line in answer.
'use strict';
const { createInterface } = require('readline');

let answers;

module.exports = async function ask(what) {
  answers ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  console.log(JSON.stringify({ ask: what }));
  if ((await answers.next()).done) throw new Error(`nobody answered "${what}"`);
};
