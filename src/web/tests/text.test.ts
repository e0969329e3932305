import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeToken } from '../src/data/tokenFragment.ts';
import { fractionDigits, short, show, subtract } from '../src/text/decimal.ts';
import { parseInterval } from '../src/text/intervals.ts';
import { span } from '../src/text/times.ts';

test('a decimal is shown to the last digit, and never through a number', () => {
  assert.equal(show('91234.5', 2), '91,234.50');
  assert.equal(show('0.0000123', 2), '0.0000123');
  assert.equal(show('1234567.891', 2), '1,234,567.891');
  assert.equal(show('-1000', 1), '-1,000.0');
  assert.equal(show('123456789012345678901234567890.12345678901234567890'), '123,456,789,012,345,678,901,234,567,890.12345678901234567890');
  assert.equal(show('?'), '?');
  assert.equal(fractionDigits('1.250'), 3);
  assert.equal(fractionDigits('7'), 0);
});

test('a spread is exact', () => {
  assert.equal(subtract('91234.57', '91234.5'), '0.07');
  assert.equal(subtract('0.3', '0.1'), '0.2');
  assert.equal(subtract('0.00001234', '0.00001233'), '0.00000001');
  assert.equal(subtract('5', '10.5'), '-5.5');
  assert.equal(subtract('10', '10'), '0');
});

test('figures that only say how much are short', () => {
  assert.deepEqual([0, 0.1234, 4.256, 42.42, 412, 9999, 12_345, 1_234_567, 7.1e9].map(short), ['0', '0.12', '4.26', '42.4', '412', '9999', '12.3k', '1.23M', '7.1G']);
});

test('an interval is understood in every spelling', () => {
  for (const [spelling, name] of [['1m', '1m'], ['m1', '1m'], ['s30', '30s'], ['5', '5m'], ['240', '4h'], ['1D', '1d'], ['W', '1w'], ['15S', '15s'], ['5min', '5m'], ['h4', '4h']]) {
    assert.equal(parseInterval(spelling!), name, spelling);
  }
  for (const spelling of ['', '7m', 'btc', '0m']) assert.equal(parseInterval(spelling), undefined, spelling);
});

test('a span is one number and one unit', () => {
  assert.deepEqual([0, 12_000, 150_000, 7_300_000, 200_000_000].map(span), ['0 s', '12 s', '3 min', '2 h', '2 d']);
});

test('a token is taken out of the fragment, whatever else is there', () => {
  assert.deepEqual(takeToken(''), { token: undefined, rest: '' });
  assert.deepEqual(takeToken('#token=abc'), { token: 'abc', rest: '' });
  assert.deepEqual(takeToken('#a=1&token=a%2Bb.c-d_e%3D&b'), { token: 'a+b.c-d_e=', rest: '#a=1&b' });
  assert.deepEqual(takeToken('#token='), { token: undefined, rest: '' });
  assert.deepEqual(takeToken('#token=%zz'), { token: undefined, rest: '' });
  assert.deepEqual(takeToken('#mytoken=abc'), { token: undefined, rest: '#mytoken=abc' });
});
