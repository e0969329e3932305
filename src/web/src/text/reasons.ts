// What md.health and the collectors say, for people.

const reasons: Record<string, string> = {
  'first-data': 'data has come',
  'data-resumed': 'data is back',
  resumed: 'data is back',
  'probe-up-to-date': 'silent; the exchange was asked and has nothing newer',
  'probe-behind': 'the exchange has newer data than arrives here',
  'no-probe': 'silent; the exchange cannot be asked',
  unproven: 'silent; the exchange did not answer when asked',
  silent: 'no data for too long',
  late: 'data comes too late',
  disconnected: 'not connected to the exchange',
  'no-room': 'not read for want of room',
  requested: 'asked for, no data yet',
  'no-data': 'asked for, but no data has come',
  refused: 'the exchange refuses it',
  'given-up': 'given up',
  unsubscribed: 'not wanted any more',
};

export function reasonText(reason: string | null | undefined): string {
  return reason ? reasons[reason] ?? reason.replaceAll('-', ' ') : '';
}

export const stateMarks: Record<string, string> = { fresh: '●', quiet: '◐', stale: '▲', paused: '▮', starting: '○', stopped: '✕' };
