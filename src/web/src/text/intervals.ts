/** Our names of the intervals, shortest first. */
export const intervals = ['1s', '5s', '15s', '30s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w'] as const;

const codes: Record<string, string> = { '1': '1m', '3': '3m', '5': '5m', '15': '15m', '30': '30m', '60': '1h', '120': '2h', '240': '4h', '360': '6h', '720': '12h', d: '1d', w: '1w' };

/** Our name of an interval in any spelling: `5m`, `m5`, `5min`, TradingView's `5`, `240`, `1D`, `15S`. Undefined when it is none. */
export function parseInterval(spelling: string): string | undefined {
  const text = spelling.trim().toLowerCase().replace(/^([smhdw])(\d+)$/, '$2$1').replace(/^(\d+) ?(sec|min|hour|day|week)s?$/, (_, count: string, unit: string) => count + unit[0]);
  const name = codes[text] ?? text;
  return (intervals as readonly string[]).includes(name) ? name : undefined;
}

export function isBelowMinute(interval: string): boolean {
  return interval.endsWith('s');
}
