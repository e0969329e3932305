import { get, setText } from './dom.ts';

export type PageState = 'connecting' | 'live' | 'stale' | 'lost';

export interface Trouble {
  state: PageState;
  text: string;
  /** When it is tried again, milliseconds by this machine's clock. */
  retryAt?: number | undefined;
}

const words: Record<PageState, string> = { connecting: 'Connecting', live: 'Live', stale: 'Stale', lost: 'Disconnected' };

// A reconnect that takes no longer than this is nobody's business: the page would only twitch.
const patience = 700;

/** Says plainly whether what is shown is live: the pill in the header, and a banner with the reason when it is not. */
export class StatusLine {
  readonly #banner = get('banner');
  readonly #action = get('banner-action');
  #trouble: Trouble | undefined;
  #since = performance.now();
  #notice: { text: string; until: number } | undefined;
  #wasLive = false;

  constructor(retry: () => void) {
    this.#action.addEventListener('click', retry);
    setInterval(() => this.#render(), 250);
  }

  /** The worst that is wrong now; undefined when all is well. */
  set(trouble: Trouble | undefined): void {
    if (trouble === undefined) this.#wasLive = true;
    if (this.#trouble?.state !== trouble?.state) this.#since = performance.now();
    this.#trouble = trouble;
    this.#render();
  }

  /** Something to know that passes. */
  notice(text: string, milliseconds = 8000): void {
    this.#notice = { text, until: performance.now() + milliseconds };
    this.#render();
  }

  #render(): void {
    const trouble = this.#trouble;
    const waited = performance.now() - this.#since > patience;
    const isHidden = trouble !== undefined && !waited && (this.#wasLive || trouble.state === 'connecting');
    const shown = isHidden ? undefined : trouble;
    const pill = get('connection');
    if (!isHidden || !this.#wasLive) {
      const state = trouble?.state ?? 'live';
      pill.dataset['state'] = state;
      setText(get('connection-text'), words[state]);
    }
    const notice = this.#notice && this.#notice.until > performance.now() ? this.#notice : undefined;
    this.#banner.hidden = shown === undefined && notice === undefined;
    if (this.#banner.hidden) return;
    this.#banner.dataset['kind'] = shown === undefined || shown.state === 'connecting' ? 'info' : shown.state;
    setText(get('banner-text'), shown?.text ?? notice?.text ?? '');
    const left = shown?.retryAt === undefined ? undefined : Math.max(0, Math.ceil((shown.retryAt - Date.now()) / 1000));
    setText(get('banner-countdown'), left === undefined ? '' : left > 0 ? `Trying again in ${left} s` : 'Trying now …');
    this.#action.hidden = left === undefined || left === 0;
  }
}
