import type { Health, HealthState } from '../../client/index.ts';
import type { StreamFigures } from '../data/api.ts';
import { reasonText, stateMarks } from '../text/reasons.ts';
import { short } from '../text/decimal.ts';
import { span } from '../text/times.ts';
import { get, make, onFrame } from './dom.ts';

interface Cell {
  venue: string;
  instrument: string;
  dataType: string;
  state: HealthState | '';
  reason: string;
  since: number;
  connection: string | null;
  rate: number | undefined;
}

const order = ['stale', 'paused', 'stopped', 'starting', 'quiet', 'fresh', ''];
const words: Record<string, string> = { stale: 'stale', paused: 'paused', stopped: 'stopped', starting: 'starting', quiet: 'quiet', fresh: 'fresh' };
const typeOrder = ['trade', 'quote', 'book', 'ticker', 'mark', 'funding', 'liquidation'];
const mostRows = 150;

/** How far every stream can be trusted to be live, and why not: a row per instrument, what is unwell first. */
export class Board {
  readonly #cells = new Map<string, Cell>();
  readonly #element = get('board');
  readonly #counts = get('streams-counts');
  readonly #draw = onFrame(() => this.#render(), 500);
  #filter = '';
  #drawn = '';

  constructor(private readonly now: () => number, private readonly current: () => string, private readonly choose: (key: string) => void) {
    // "12 s" becomes "13 s" without news.
    setInterval(() => this.#draw(), 5000);
  }

  redraw(): void {
    this.#draw();
  }

  health(health: Health): void {
    const cell = this.#cell(`${health.venue}:${health.instrument}:${health.dataType}`, health);
    Object.assign(cell, { state: health.state, reason: health.reason, since: health.since / 1000, connection: health.connection });
    this.#draw();
  }

  figures(streams: readonly StreamFigures[]): void {
    for (const one of streams) {
      // Candles are made of trades: their freshness is that of the trades.
      if (one.dataType.startsWith('candle') || one.dataType === 'health' || one.dataType === 'gap') continue;
      const [venue = '', instrument = ''] = one.stream.split(':');
      const cell = this.#cell(one.stream, { venue, instrument, dataType: one.dataType });
      cell.rate = one.rate;
      if (cell.state === '' && one.state !== null) Object.assign(cell, { state: one.state, reason: one.reason ?? '', since: (one.since ?? 0) / 1000 });
    }
    this.#draw();
  }

  /** What is said of a stream; undefined when nothing. */
  get(stream: string): Readonly<Cell> | undefined {
    return this.#cells.get(stream);
  }

  get instruments(): { venue: string; instrument: string }[] {
    return [...this.#cells.values()];
  }

  #cell(stream: string, { venue, instrument, dataType }: { venue: string; instrument: string; dataType: string }): Cell {
    let cell = this.#cells.get(stream);
    if (cell === undefined) this.#cells.set(stream, cell = { venue, instrument, dataType, state: '', reason: '', since: 0, connection: null, rate: undefined });
    return cell;
  }

  #render(): void {
    const cells = [...this.#cells.values()];
    this.#renderCounts(cells);
    const shown = this.#filter ? cells.filter(cell => cell.state === this.#filter) : cells;
    const types = [...new Set(shown.map(cell => cell.dataType))].sort((a, b) => rankType(a) - rankType(b) || a.localeCompare(b));
    const rows = new Map<string, Cell[]>();
    for (const cell of shown) {
      const key = `${cell.venue}:${cell.instrument}`;
      const row = rows.get(key);
      if (row) row.push(cell);
      else rows.set(key, [cell]);
    }
    const sorted = [...rows].sort(([a, x], [b, y]) => worst(x) - worst(y) || a.localeCompare(b));
    const here = this.current();
    const signature = JSON.stringify([here, types, sorted.slice(0, mostRows).map(([key, row]) => [key, row.map(cell => this.#text(cell))])]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    if (sorted.length === 0) {
      this.#element.replaceChildren(make('p', 'board-more', cells.length === 0 ? 'Nothing is known of any stream yet.' : 'No stream is in this state.'));
      return;
    }
    const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['key'] : undefined;
    const table = make('table');
    const head = make('tr');
    head.append(headCell('Instrument'), ...types.map(headCell));
    const body = make('tbody');
    for (const [key, row] of sorted.slice(0, mostRows)) body.append(this.#row(key, row, types, here));
    const top = make('thead');
    top.append(head);
    table.append(top, body);
    this.#element.replaceChildren(table);
    if (sorted.length > mostRows) this.#element.append(make('p', 'board-more', `and ${sorted.length - mostRows} more instruments, all at least as well as these`));
    if (focus) this.#element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  #row(key: string, cells: readonly Cell[], types: readonly string[], here: string): HTMLTableRowElement {
    const row = make('tr', key === here ? 'here' : '');
    const head = make('th');
    head.scope = 'row';
    const button = make('button', '', shortName(cells[0]!.instrument));
    button.type = 'button';
    button.dataset['key'] = key;
    button.title = `Show ${key}`;
    button.append(make('small', '', cells[0]!.venue));
    button.addEventListener('click', () => this.choose(key));
    head.append(button);
    row.append(head);
    for (const type of types) {
      const cell = cells.find(one => one.dataType === type);
      const data = make('td', cell?.state ?? '');
      if (cell) {
        const mark = make('i', `mark ${cell.state}`, stateMarks[cell.state] ?? '·');
        mark.setAttribute('aria-hidden', 'true');
        data.dataset['stream'] = `${key}:${type}`;
        data.title = `${type}: ${cell.state || 'nothing is said'}${cell.reason && `, ${reasonText(cell.reason)}`}${cell.connection ? ` · ${cell.connection}` : ''}`;
        data.append(mark, ` ${this.#text(cell)}`);
      }
      row.append(data);
    }
    return row;
  }

  #text(cell: Cell): string {
    if (cell.state === 'fresh' || cell.state === '') return cell.rate === undefined ? words[cell.state] ?? '' : `${short(Math.round(cell.rate * 10) / 10)}/s`;
    const reason = cell.state === 'quiet' ? '' : ` · ${reasonText(cell.reason)}`;
    return `${words[cell.state]} ${cell.since > 0 ? span(this.now() - cell.since) : ''}${reason}`;
  }

  #renderCounts(cells: readonly Cell[]): void {
    const states = order.filter(state => state !== '' && cells.some(cell => cell.state === state));
    const wanted = [['', `All ${cells.length}`] as const, ...states.map(state => [state, `${cells.filter(cell => cell.state === state).length} ${state}`] as const)];
    if (this.#filter && !states.includes(this.#filter)) this.#filter = '';
    const signature = JSON.stringify([wanted, this.#filter]);
    if (this.#counts.dataset['drawn'] === signature) return;
    this.#counts.dataset['drawn'] = signature;
    this.#counts.replaceChildren(...wanted.map(([state, text]) => {
      const button = make('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', String(this.#filter === state));
      if (state) {
        const mark = make('i', `mark ${state}`, stateMarks[state]);
        mark.setAttribute('aria-hidden', 'true');
        button.append(mark);
      }
      button.append(text);
      button.addEventListener('click', () => {
        this.#filter = state;
        this.#draw();
      });
      return button;
    }));
  }
}

function headCell(text: string): HTMLTableCellElement {
  const cell = make('th', '', text.charAt(0).toUpperCase() + text.slice(1).replace(':', ' '));
  cell.scope = 'col';
  return cell;
}

function worst(cells: readonly Cell[]): number {
  // Quiet is as well as fresh: it must not push rows about.
  return Math.min(...cells.map(cell => Math.min(4, order.indexOf(cell.state))));
}

function rankType(type: string): number {
  const at = typeOrder.indexOf(type);
  return at < 0 ? typeOrder.length : at;
}

/** A mint address is too long for a row. */
export function shortName(instrument: string): string {
  return instrument.length > 20 ? `${instrument.slice(0, 6)}…${instrument.slice(-4)}` : instrument;
}
