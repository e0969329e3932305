import type { GatewayMetrics, VenueFigures } from '../data/api.ts';
import { short } from '../text/decimal.ts';
import { span } from '../text/times.ts';
import { get, make } from './dom.ts';

/** What this page itself measures. */
export interface PageFigures {
  roundTripMs: number | undefined;
  /** From the trade at the venue to its arrival here, milliseconds, half of the trades are faster. */
  tradeDelayMs: number | undefined;
  holes: number;
  reconnects: number;
}

const silentAfter = 20_000;

/** Pool and latency: what the collectors say of their venues, the gateway of itself, and the page of both. */
export class FiguresPanel {
  readonly #element = get('figures');
  readonly #note = get('figures-note');

  constructor(private readonly now: () => number) {}

  show(page: PageFigures, gateway: GatewayMetrics | undefined, venues: readonly VenueFigures[] | undefined): void {
    const scroll = this.#element.scrollTop;
    const latency = gateway?.latency;
    const tiles = make('div', 'tiles');
    tiles.append(
      tile('Exchange → here', page.tradeDelayMs, 'ms', 'From the trade at the exchange to its arrival in this page; half are faster'),
      tile('Round trip', page.roundTripMs, 'ms', 'To the gateway and back'),
      tile('Gateway p50', latency?.p50, 'ms', 'From Kafka to the clients; half are faster'),
      tile('Gateway p99', latency?.p99, 'ms', 'From Kafka to the clients; 99 of 100 are faster'),
      tile('Clients', gateway?.connections, '', 'Connected to this gateway'),
      tile('Messages', gateway?.rates?.messagesPerSecond, '/s', 'Handed to clients'),
      tile('CPU', gateway?.cpu === undefined ? undefined : gateway.cpu * 100, '%', 'Of one core, the gateway'),
      tile('Memory', gateway?.memory === undefined ? undefined : gateway.memory / 1e6, 'MB', 'Working set of the gateway'),
    );
    this.#element.replaceChildren(tiles);
    if (venues?.length) this.#element.append(this.#table(venues));
    const troubled = venues?.find(venue => venue.reason !== null || this.#isSilent(venue));
    this.#note.textContent = troubled ? `${troubled.venue}: ${this.#isSilent(troubled) ? 'its collector is silent' : troubled.reason}` : page.holes > 0 ? `${page.holes} holes seen here` : '';
    this.#note.title = this.#note.textContent;
    this.#note.classList.toggle('stale', troubled !== undefined);
    this.#element.scrollTop = scroll;
  }

  #table(venues: readonly VenueFigures[]): HTMLTableElement {
    const table = make('table');
    const head = make('tr');
    for (const [text, title] of [['Venue', ''], ['Conn.', 'Connections open, of all'], ['Fresh', 'Streams fresh or rightly quiet, of all'], ['Msg/s', 'Messages a second'], ['Lag', 'Arrival less event time of the newest trade'], ['Reconn.', 'Reconnects since the start'], ['Holes', 'Holes met in ids since the start']]) {
      const cell = make('th', text === 'Venue' ? '' : 'number', text);
      cell.scope = 'col';
      if (title) cell.title = title;
      head.append(cell);
    }
    const top = make('thead');
    top.append(head);
    const body = make('tbody');
    for (const venue of [...venues].sort((a, b) => a.venue.localeCompare(b.venue))) body.append(this.#row(venue));
    table.append(top, body);
    return table;
  }

  #row(venue: VenueFigures): HTMLTableRowElement {
    const row = make('tr');
    const silent = this.#isSilent(venue);
    const well = venue.streams.fresh + venue.streams.quiet;
    const cells: [string, boolean][] = [
      [silent ? `${venue.venue} · silent ${span(this.now() - venue.time / 1000)}` : venue.venue, silent],
      [`${venue.connections.open}/${venue.connections.total}`, venue.connections.open < venue.connections.total],
      [`${well}/${venue.streams.wanted}`, venue.streams.stale + venue.streams.paused > 0],
      [short(venue.messagesPerSecond), false],
      [venue.lag === null ? '–' : `${short(venue.lag >= 10_000 ? Math.round(venue.lag / 1000) : venue.lag / 1000)} ms`, (venue.lag ?? 0) > 2_000_000],
      [short(venue.reconnects), false],
      [short(venue.holes), false],
    ];
    row.append(...cells.map(([text, isBad], i) => make('td', `${i === 0 ? '' : 'number'}${isBad ? ' bad' : ''}`.trim(), text)));
    row.title = venue.reason ?? '';
    return row;
  }

  // A collector's clock may be that of a recording: then its records tell another time, and silence cannot be seen by it.
  #isSilent(venue: VenueFigures): boolean {
    const age = this.now() - venue.time / 1000;
    return venue.state === 'running' && age > silentAfter && age < 86_400_000;
  }
}

function tile(name: string, value: number | undefined, unit: string, title: string): HTMLDivElement {
  const element = make('div', 'tile');
  element.title = title;
  const figure = make('b', '', value === undefined || !Number.isFinite(value) ? '–' : short(value >= 10 ? Math.round(value) : value));
  if (value !== undefined && unit) figure.append(make('small', '', ` ${unit}`));
  element.append(make('span', '', name), figure);
  return element;
}
