import { parseInterval } from '../text/intervals.ts';

/** What is shown. */
export interface Selection {
  /** `venue:instrument` */
  key: string;
  interval: string;
}

export function readSelection(): Partial<Selection> {
  const query = new URLSearchParams(location.search);
  const key = query.get('instrument') ?? undefined;
  const interval = parseInterval(query.get('interval') ?? '');
  return { ...(key !== undefined && { key }), ...(interval !== undefined && { interval }) };
}

/** Writes the selection into the address, as a step of its own so that "back" leads to the one before. */
export function writeSelection({ key, interval }: Selection, replace: boolean): void {
  // A colon needs no escaping in a query, and an address is also read by people.
  const address = `?instrument=${encodeURIComponent(key).replaceAll('%3A', ':')}&interval=${interval}`;
  if (address === location.search) return;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
}
