import { askForToken, token } from './token.ts';

export interface StreamFigures {
  stream: string;
  venue: string;
  instrument: string;
  dataType: string;
  state: string | null;
  reason: string | null;
  since: number | null;
  lastReceivedTime: number | null;
  age: number | null;
  rate: number;
}

/** A record of md.status: how a collector fares with a venue. */
export interface VenueFigures {
  collector: string;
  venue: string;
  time: number;
  state: string;
  reason: string | null;
  connections: { total: number; open: number };
  streams: Record<'wanted' | 'fresh' | 'quiet' | 'stale' | 'paused' | 'starting' | 'stopped', number>;
  messagesPerSecond: number;
  bytesPerSecond: number;
  lag: number | null;
  reconnects: number;
  holes: number;
  missing: number;
  memoryBytes: number;
}

export interface GatewayMetrics {
  latency?: { p50: number; p95: number; p99: number };
  rates?: { messagesPerSecond?: number; bytesPerSecond?: number };
  connections?: number;
  cpu?: number;
  memory?: number;
}

export interface FoundInstrument {
  /** `venue:instrument` */
  key: string;
  venue: string;
  instrument: string;
  description: string;
}

/** What a request came to; undefined when the gateway could not be asked or has no such interface. */
async function fetchJson<T>(path: string): Promise<T | undefined> {
  try {
    const bearer = token();
    const answer = await fetch(path, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {}, signal: AbortSignal.timeout(10_000) });
    if (answer.status === 401) {
      await askForToken();
      return fetchJson<T>(path);
    }
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

export async function fetchStreams(): Promise<{ time: number; streams: StreamFigures[]; collectors: VenueFigures[] } | undefined> {
  return fetchJson('/api/streams?limit=10000');
}

export function fetchMetrics(): Promise<GatewayMetrics | undefined> {
  return fetchJson('/api/websocket/metrics');
}

const offsets: { offset: number; roundTrip: number }[] = [];

/** How far the gateway's clock is ahead of ours, milliseconds; undefined when it cannot be told. Of the last ten answers the quickest counts. */
export async function fetchClockOffset(): Promise<number | undefined> {
  const started = performance.now();
  const answer = await fetchJson<{ serverTime: number }>('/api/time');
  const roundTrip = performance.now() - started;
  if (answer && offsets.push({ offset: answer.serverTime / 1000 + roundTrip / 2 - Date.now(), roundTrip }) > 10) offsets.shift();
  return [...offsets].sort((a, b) => a.roundTrip - b.roundTrip)[0]?.offset;
}

/** Instruments by any part of any of their names; the gateway knows all spellings. */
export async function searchInstruments(query: string): Promise<FoundInstrument[] | undefined> {
  const rows = await fetchJson<{ symbol: string; ticker?: string; full_name?: string; exchange: string; description?: string }[]>(
    `/udf/search?query=${encodeURIComponent(query)}&limit=100`);
  return rows?.map(row => {
    const key = row.ticker ?? row.full_name ?? `${row.exchange.toLowerCase()}:${row.symbol}`;
    const colon = key.indexOf(':');
    return { key, venue: key.slice(0, colon), instrument: key.slice(colon + 1), description: row.description ?? '' };
  });
}

/** Why the gateway lets nobody in, although it answers; undefined when it does not say. */
export async function fetchUnreadiness(): Promise<string | undefined> {
  try {
    const answer = await fetch('/readyz', { signal: AbortSignal.timeout(5000) });
    return answer.status === 503 ? (await answer.text()).split('\n')[0]!.slice(0, 120) : undefined;
  } catch {
    return undefined;
  }
}

/** The price 24 hours ago; undefined when it is not known. */
export async function fetchDayAgo(key: string, now: number): Promise<number | undefined> {
  const to = Math.floor(now / 1000) - 86_400;
  const bars = await fetchJson<{ s: string; t?: number[]; c?: (number | string)[] }>(
    `/udf/history?symbol=${encodeURIComponent(key)}&resolution=15&from=${to - 7200}&to=${to}&countback=1`);
  const close = Number(bars?.c?.at(-1));
  const time = bars?.t?.at(-1);
  // What is older than asked for answers another question.
  return bars?.s === 'ok' && close > 0 && time !== undefined && time >= to - 7200 ? close : undefined;
}

/** Digits behind the point that the instrument's price step asks for; undefined when the venue does not say. */
export async function fetchPriceDigits(key: string): Promise<number | undefined> {
  const symbol = await fetchJson<{ pricescale?: number; minmov?: number }>(`/udf/symbols?symbol=${encodeURIComponent(key)}`);
  return symbol?.pricescale ? Math.max(0, Math.round(Math.log10(symbol.pricescale))) : undefined;
}
