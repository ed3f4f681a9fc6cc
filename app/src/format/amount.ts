/** Decimals of the token, of an SCU in units, and of the collateral token as the program reckons it. */
export const DECIMALS = 6;
export const SOL_DECIMALS = 9;

export interface AmountParts {
  readonly sign: '' | '−';
  /** Grouped as the locale does. */
  readonly whole: string;
  /** Every digit there is after the point, without trailing zeros beyond the least that was asked for. */
  readonly fraction: string;
}

/** An amount to its last digit: nothing is rounded. */
export function amountParts(value: bigint, decimals: number, locale: string, least = 0): AmountParts {
  const absolute = value < 0n ? -value : value;
  const base = 10n ** BigInt(decimals);
  const digits = (absolute % base).toString().padStart(decimals, '0').slice(0, decimals);
  const trimmed = decimals === 0 ? '' : digits.replace(/0+$/, '');
  return {
    sign: value < 0n ? '−' : '',
    whole: new Intl.NumberFormat(locale).format(absolute / base),
    fraction: trimmed.padEnd(Math.min(least, decimals), '0'),
  };
}

export function formatAmount(value: bigint, decimals: number, locale: string, least = 0): string {
  const { sign, whole, fraction } = amountParts(value, decimals, locale, least);
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * Base units of what somebody typed; undefined where it is no amount, or has more digits than there are. A comma groups three
 * digits and nothing else: who means a decimal point by it is not taken at ten or a hundred times the amount.
 */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  // An input method for Chinese may write digits and signs at full width.
  const typed = text.normalize('NFKC').trim();
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(typed) ? typed.replaceAll(',', '') : typed;
  const match = /^(\d{0,13})(?:\.(\d*))?$/.exec(plain);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  if (fraction.length > decimals) return undefined;
  return BigInt(whole === '' ? '0' : whole) * 10n ** BigInt(decimals) + BigInt(fraction.padEnd(decimals, '0') || '0');
}

/** Basis points as a percentage with both its decimals, as amounts have theirs. */
export function formatBps(bps: bigint, locale: string): string {
  return `${formatAmount(bps, 2, locale, 2)} %`;
}

/** An amount as an input takes it: every digit, no groups. */
export function plainAmount(value: bigint, decimals: number): string {
  return formatAmount(value, decimals, 'en').replaceAll(',', '');
}
