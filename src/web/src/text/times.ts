const two = (value: number) => String(value).padStart(2, '0');

/** `07:35:12`, UTC, of milliseconds. */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `2026-11-21 07:35`, UTC; with seconds where the interval is shorter than a minute. */
export function dateTime(milliseconds: number, withSeconds: boolean): string {
  const text = new Date(milliseconds).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, withSeconds ? 19 : 16)}`;
}

/** `4 s`, `12 min`, `3 h`, `5 d`. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
