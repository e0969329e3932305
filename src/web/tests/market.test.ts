import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Book } from '../client/index.ts';
import { BookState } from '../src/data/book.ts';
import { CandleList, type CandleRow } from '../src/data/candles.ts';

const row = (time: number, close = '1', isFinal?: boolean): CandleRow =>
  ({ time, open: '1', high: '2', low: '0.5', close, volume: '3', ...(isFinal !== undefined && { is_final: isFinal }) });

test('history comes in any order and piece by piece, each candle once, the later answer wins', () => {
  const list = new CandleList();
  list.merge([row(60), row(120)]);
  list.merge([row(0), row(60, '9')]);
  assert.deepEqual(list.rows.map(one => [one.time, one.close]), [[0, '1'], [60, '9'], [120, '1']]);
});

test('live candles: the newest is replaced or followed, an older one revised, a missing one put in its place', () => {
  const list = new CandleList();
  list.merge([row(0), row(60), row(180)]);
  assert.equal(list.put(row(180, '5')), 'newest');
  assert.equal(list.put(row(240, '6')), 'newest');
  assert.equal(list.put(row(60, '7')), 'older');
  assert.equal(list.put(row(120, '8')), 'all');
  assert.deepEqual(list.rows.map(one => [one.time, one.close]), [[0, '1'], [60, '7'], [120, '8'], [180, '5'], [240, '6']]);
  assert.equal(list.at(120)?.close, '8');
  assert.equal(list.at(121), undefined);
});

test('a forming candle never undoes a final one, a revised one does', () => {
  const list = new CandleList();
  list.put(row(0, '5', true));
  assert.equal(list.put(row(0, '4', false)), 'none');
  assert.equal(list.put(row(0, '6', true)), 'newest');
  assert.equal(list.newest?.close, '6');
});

const book = (kind: Book['kind'], updateId: number, prev: number | null, bids: Book['bids'], asks: Book['asks']): Book =>
  ({ venue: 'v', instrument: 'i', kind, updateId, prev, bids, asks, eventTime: null, receivedTime: 0 });

test('a book is the whole one and its changes', () => {
  const state = new BookState();
  state.apply(book('snapshot', 1, null, [['10', '1'], ['9.5', '2']], [['11', '1']]));
  state.apply(book('update', 2, 1, [['10', '0'], ['9.75', '3']], [['10.5', '4']]));
  assert.deepEqual(state.best(5), { bids: [['9.75', '3'], ['9.5', '2']], asks: [['10.5', '4'], ['11', '1']] });
  assert.deepEqual(state.best(1), { bids: [['9.75', '3']], asks: [['10.5', '4']] });
});

test('a change that does not follow takes the book away until the next whole one', () => {
  const state = new BookState();
  state.apply(book('update', 5, 4, [['10', '1']], []));
  assert.equal(state.best(5), undefined);
  state.apply(book('snapshot', 6, null, [['10', '1']], []));
  state.apply(book('update', 8, 7, [['12', '1']], []));
  assert.equal(state.best(5), undefined);
  state.apply(book('partial', 9, null, [['13', '1']], []));
  assert.deepEqual(state.best(5), { bids: [['13', '1']], asks: [] });
});
