/** What is behind the `#` of the page's address, without the token in it. A fragment is never sent to a server. */
export function takeToken(hash: string): { token: string | undefined; rest: string } {
  const parts = hash.replace(/^#/, '').split('&').filter(part => part !== '');
  const rest = parts.filter(part => !part.startsWith('token='));
  const given = parts.find(part => part.startsWith('token='))?.slice('token='.length);
  return { token: decode(given) || undefined, rest: rest.length > 0 ? `#${rest.join('&')}` : '' };
}

function decode(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text).trim();
  } catch {
    return undefined;
  }
}
