import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches, plainSymbol } from '../client/matching.ts';

test('every spelling of an instrument is the same', () => {
  for (const spelling of ['BTC-USDT-PERP', 'BTC/USDT:USDT', 'BINANCE:BTCUSDT.P', 'BTC-USDT-SWAP', 'btc-usdt-perp']) {
    assert.equal(plainSymbol(spelling, 'binance-futures'), 'BTCUSDTPERP', spelling);
  }
  for (const spelling of ['BTC-USDT', 'BTC/USDT', 'BINANCE:BTCUSDT', 'BTCUSDT', 'binance:BTC-USDT']) {
    assert.equal(plainSymbol(spelling, 'binance'), 'BTCUSDT', spelling);
  }
});

test('spot and perpetual are told apart, whatever the native name', () => {
  assert.equal(matches({ symbols: ['BTC/USDT'] }, 'binance:BTC-USDT:trade', 'BTCUSDT'), true);
  assert.equal(matches({ symbols: ['BTC/USDT:USDT'] }, 'binance:BTC-USDT:trade', 'BTCUSDT'), false);
  assert.equal(matches({ symbols: ['BTC/USDT:USDT'] }, 'binance-futures:BTC-USDT-PERP:trade', 'BTCUSDT'), true);
  assert.equal(matches({ symbols: ['BTC-USDT-SWAP'] }, 'okx:BTC-USDT-PERP:trade', 'BTC-USDT-SWAP'), true);
});

test('what is left out or empty means all', () => {
  assert.equal(matches({}, 'okx:ETH-USDT:candle:1m', undefined), true);
  assert.equal(matches({ exchange: [], symbols: [], dataTypes: [] }, 'okx:ETH-USDT:candle:1m', undefined), true);
  assert.equal(matches({ dataTypes: ['candle:m1'] }, 'okx:ETH-USDT:candle:1m', undefined), true);
  assert.equal(matches({ dataTypes: ['candle:5m'] }, 'okx:ETH-USDT:candle:1m', undefined), false);
  assert.equal(matches({ exchange: ['binance'] }, 'okx:ETH-USDT:trade', undefined), false);
});

test('a mint is itself', () => {
  const mint = 'So11111111111111111111111111111111111111112';
  assert.equal(matches({ symbols: [mint] }, `solana:${mint}:trade`, mint), true);
  assert.equal(matches({ symbols: [mint] }, 'solana:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v:trade', undefined), false);
});
