import { get } from './dom.ts';

const key = 'pipeline.theme';

/** The switch between dark and light. The choice is kept; without one the system's is followed, also while the page is open. */
export function wireTheme(changed: () => void): void {
  const root = document.documentElement;
  const apply = (theme: string) => {
    root.dataset['theme'] = theme;
    changed();
  };
  get('theme').addEventListener('click', () => {
    const theme = root.dataset['theme'] === 'light' ? 'dark' : 'light';
    try {
      localStorage.setItem(key, theme);
    } catch {
      // Storage may be forbidden: then it holds until the page is left.
    }
    apply(theme);
  });
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', event => {
    if (stored() === null) apply(event.matches ? 'light' : 'dark');
  });
}

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** A colour of the present theme, such as `--up`. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
