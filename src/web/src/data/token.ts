import { get } from '../ui/dom.ts';

const key = 'pipeline.token';
let asking: Promise<void> | undefined;

/** The token of this tab, if one was needed and given. */
export function token(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Asks for a token; once, however many requests were refused. */
export function askForToken(): Promise<void> {
  return asking ??= new Promise(resolve => {
    const dialog = get<HTMLDialogElement>('token');
    dialog.addEventListener('close', () => {
      try {
        sessionStorage.setItem(key, get<HTMLInputElement>('token-input').value.trim());
      } catch {
        // Without storage it is asked for again.
      }
      asking = undefined;
      resolve();
    }, { once: true });
    dialog.showModal();
  });
}
