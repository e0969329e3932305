import { get } from '../ui/dom.ts';
import { takeToken } from './tokenFragment.ts';

const key = 'pipeline.token';

// Where the browser keeps nothing for the page, the token lasts as long as the page does.
let kept: string | undefined;
let asking: Promise<void> | undefined;
const listeners: (() => void)[] = [];

/** The token of this tab, if one was needed and given. It is in no address, cookie or log. */
export function token(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? kept;
  } catch {
    return kept;
  }
}

/** Told whenever a token was given: what was refused without it can be tried again. */
export function onToken(listener: () => void): void {
  listeners.push(listener);
}

/** Takes the token that the page was opened with, `#token=…`, and takes it out of the address, before anybody copies or keeps that. */
export function takeTokenOfAddress(): void {
  const { token: given, rest } = takeToken(location.hash);
  if (given === undefined) return;
  history.replaceState(history.state, '', location.pathname + location.search + rest);
  keep(given);
}

/** Asks for a token; once, however many requests were refused. */
export function askForToken(): Promise<void> {
  return asking ??= new Promise(resolve => {
    const dialog = get<HTMLDialogElement>('token');
    dialog.addEventListener('close', () => {
      const input = get<HTMLInputElement>('token-input');
      const given = input.value.trim();
      input.value = '';
      asking = undefined;
      if (given !== '') keep(given);
      resolve();
    }, { once: true });
    dialog.showModal();
  });
}

function keep(given: string): void {
  kept = given;
  try {
    sessionStorage.setItem(key, given);
  } catch {
    // Then it is asked for again after a reload.
  }
  for (const listener of listeners) listener();
}
