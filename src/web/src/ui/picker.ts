import { searchInstruments, type FoundInstrument } from '../data/api.ts';
import type { Selection } from '../data/selection.ts';
import { plainSymbol } from '../../client/matching.ts';
import { parseInterval } from '../text/intervals.ts';
import { get, make } from './dom.ts';

interface Choice {
  instrument: FoundInstrument;
  interval: string | undefined;
}

/** The dialog in which instrument and interval are found: `eth 5m`, `BINANCE:BTCUSDT.P`, `m15`. */
export class Picker {
  readonly #dialog = get<HTMLDialogElement>('picker');
  readonly #input = get<HTMLInputElement>('picker-input');
  readonly #list = get('picker-list');
  readonly #hint = get('picker-hint');
  #known = new Map<string, FoundInstrument>();
  #choices: Choice[] = [];
  #active = 0;
  #searches = 0;

  constructor(private readonly current: () => Selection, private readonly choose: (selection: Partial<Selection>) => void) {
    get('instrument').addEventListener('click', () => this.open());
    get('picker-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', event => event.target === this.#dialog && this.#dialog.close());
    this.#input.addEventListener('input', () => this.#search());
    this.#input.addEventListener('keydown', event => this.#key(event));
    document.addEventListener('keydown', event => {
      const isTyping = event.target instanceof HTMLInputElement;
      if ((event.key === '/' && !isTyping) || (event.key === 'k' && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        this.open();
      }
    });
  }

  /** Instruments learned of elsewhere, so that the list is there at once. */
  add(instruments: readonly FoundInstrument[]): void {
    for (const one of instruments) if (!this.#known.get(one.key)?.description) this.#known.set(one.key, one);
  }

  get first(): FoundInstrument | undefined {
    return sorted([...this.#known.values()])[0];
  }

  has(key: string): boolean {
    return this.#known.has(key);
  }

  open(): void {
    if (this.#dialog.open) return;
    this.#input.value = '';
    this.#dialog.showModal();
    this.#input.focus();
    this.#search();
  }

  #search(): void {
    const words = this.#input.value.trim().split(/\s+/).filter(Boolean);
    // The last word may say the interval; a bare number is one only behind an instrument.
    const interval = words.length > 0 && (words.length > 1 || /[a-z]/i.test(words[0]!)) ? parseInterval(words.at(-1)!) : undefined;
    const name = (interval === undefined ? words : words.slice(0, -1)).join('');
    const search = ++this.#searches;
    this.#show(this.#local(name), interval);
    // What is known is shown at once; the gateway knows all spellings, former names among them.
    void searchInstruments(name).then(found => {
      if (found === undefined || search !== this.#searches) return;
      this.add(found);
      const local = this.#local(name);
      this.#show([...local, ...found.filter(one => !local.some(other => other.key === one.key))], interval);
    });
  }

  #local(name: string): FoundInstrument[] {
    if (name === '') return sorted([...this.#known.values()]);
    const wanted = plainSymbol(name);
    const venueWanted = name.includes(':') ? name.slice(0, name.indexOf(':')).toLowerCase() : '';
    const plain = venueWanted && !venueWanted.includes('/') ? plainSymbol(name.slice(name.indexOf(':') + 1)) : wanted;
    return sorted([...this.#known.values()].filter(one => one.venue.startsWith(venueWanted.includes('/') ? '' : venueWanted)
      && (plainSymbol(one.instrument).includes(plain) || plainSymbol(`${one.venue}${one.instrument}`).includes(wanted))));
  }

  #show(instruments: readonly FoundInstrument[], interval: string | undefined): void {
    const { key } = this.current();
    this.#choices = instruments.slice(0, 100).map(instrument => ({ instrument, interval }));
    const here = this.#choices.findIndex(choice => choice.instrument.key === key);
    // With an interval alone the present instrument is meant.
    this.#active = here >= 0 && (interval !== undefined || this.#input.value === '') ? here : 0;
    this.#list.replaceChildren(...this.#choices.map((choice, i) => this.#option(choice, i, key)));
    this.#hint.textContent = instruments.length === 0
      ? 'Nothing of this name is collected.'
      : `${instruments.length} instrument${instruments.length === 1 ? '' : 's'}${instruments.length > 100 ? ', the first 100 shown' : ''} · ↑ ↓ Enter · an interval may follow: "eth 5m"`;
    this.#mark();
  }

  #option({ instrument, interval }: Choice, i: number, key: string): HTMLLIElement {
    const option = make('li');
    option.id = `picker-${i}`;
    option.setAttribute('role', 'option');
    const end = interval !== undefined ? `show ${interval}` : instrument.key === key ? 'shown now' : instrument.description;
    option.append(make('span', 'name', instrument.instrument), make('span', 'venue', instrument.venue), make('span', 'end', end));
    option.addEventListener('click', () => this.#take(i));
    option.addEventListener('pointermove', () => {
      if (this.#active === i) return;
      this.#active = i;
      this.#mark();
    });
    return option;
  }

  #mark(): void {
    [...this.#list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === this.#active)));
    const active = this.#list.children[this.#active];
    active?.scrollIntoView({ block: 'nearest' });
    if (active) this.#input.setAttribute('aria-activedescendant', active.id);
    else this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#active = Math.max(0, Math.min(this.#choices.length - 1, this.#active + step));
      this.#mark();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#take(this.#active);
    }
  }

  #take(i: number): void {
    const choice = this.#choices[i];
    if (choice === undefined) return;
    this.#dialog.close();
    this.choose({ key: choice.instrument.key, ...(choice.interval !== undefined && { interval: choice.interval }) });
  }
}

function sorted(instruments: FoundInstrument[]): FoundInstrument[] {
  return instruments.sort((a, b) => (a.venue === b.venue ? rank(a) - rank(b) || a.instrument.localeCompare(b.instrument) : a.venue.localeCompare(b.venue)));
}

// What most look for first stands first, where it is there.
function rank({ instrument }: FoundInstrument): number {
  return instrument.startsWith('BTC-') ? 0 : instrument.startsWith('ETH-') ? 1 : 2;
}
