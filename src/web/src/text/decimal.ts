// Decimals stay text from the venue to the screen; numbers are made of them only to draw.

const shape = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Digits behind the point. */
export function fractionDigits(decimal: string): number {
  const point = decimal.indexOf('.');
  return point < 0 ? 0 : decimal.length - point - 1;
}

/** `12345.6` → `12,345.60`: thousands apart, at least `digits` behind the point. Digits are added, never taken away. */
export function show(decimal: string, digits = 0): string {
  const parts = shape.exec(decimal);
  if (parts === null) return decimal;
  const fraction = (parts[3] ?? '').padEnd(digits, '0');
  return `${parts[1]}${parts[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction && `.${fraction}`}`;
}

/** Exactly `a` − `b`. */
export function subtract(a: string, b: string): string {
  const digits = Math.max(fractionDigits(a), fractionDigits(b));
  const difference = scaled(a, digits) - scaled(b, digits);
  const text = (difference < 0n ? -difference : difference).toString().padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return (difference < 0n ? '-' : '') + trim(whole);
}

export function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function scaled(decimal: string, digits: number): bigint {
  const missing = digits - fractionDigits(decimal);
  return BigInt(decimal.replace('.', '') + '0'.repeat(missing));
}

/** For figures that only say how much: `12.3k`. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${digits3(value / 1e9)}G`;
  if (size >= 1e6) return `${digits3(value / 1e6)}M`;
  if (size >= 1e4) return `${digits3(value / 1e3)}k`;
  return digits3(value);
}

function digits3(value: number): string {
  const size = Math.abs(value);
  return trim(value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2));
}
