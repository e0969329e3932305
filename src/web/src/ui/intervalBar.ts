import { intervals } from '../text/intervals.ts';
import { get, make } from './dom.ts';

/** The row of intervals: a group of radio buttons, so arrow keys move within it. */
export class IntervalBar {
  readonly #buttons = new Map<string, HTMLButtonElement>();

  constructor(choose: (interval: string) => void) {
    const bar = get('intervals');
    for (const interval of intervals) {
      const button = make('button', '', interval);
      button.type = 'button';
      button.setAttribute('role', 'radio');
      button.dataset['interval'] = interval;
      button.addEventListener('click', () => choose(interval));
      this.#buttons.set(interval, button);
      bar.append(button);
    }
    bar.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const able = [...this.#buttons.values()].filter(button => !button.disabled);
      const next = able[(able.indexOf(document.activeElement as HTMLButtonElement) + step + able.length) % able.length];
      next?.focus();
      next?.click();
    });
  }

  show(interval: string): void {
    for (const [name, button] of this.#buttons) {
      const isChosen = name === interval;
      button.setAttribute('aria-checked', String(isChosen));
      button.tabIndex = isChosen ? 0 : -1;
      if (isChosen) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  /** Only these can be had. */
  limit(names: readonly string[]): void {
    if (names.length === 0) return;
    for (const [name, button] of this.#buttons) button.disabled = !names.includes(name);
  }
}
