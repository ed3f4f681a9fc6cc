import { parseAmount } from './amount.ts';

/** Why a text is no amount that can be taken. */
export type AmountFault = 'empty' | 'comma' | 'negative' | 'not-a-number' | 'too-many-decimals' | 'too-large' | 'zero' | 'too-much';

interface Bounds {
  readonly decimals: number;
  /** Zero says something here, as it ends an offer. */
  readonly allowsZero?: boolean;
  /** The most that can be named, in base units. */
  readonly most?: bigint | undefined;
}

/** The most digits before the point: beyond them no account of the chain can go. */
const WHOLE_DIGITS = 13;

/** What is wrong with a typed amount; undefined where it can be taken. */
export function faultOf(text: string, { decimals, allowsZero = false, most }: Bounds): AmountFault | undefined {
  const typed = text.normalize('NFKC').trim();
  if (typed === '') return 'empty';
  const value = parseAmount(text, decimals);
  if (value === undefined) return faultOfShape(typed, decimals);
  if (value === 0n && !allowsZero) return 'zero';
  return most !== undefined && value > most ? 'too-much' : undefined;
}

function faultOfShape(typed: string, decimals: number): AmountFault {
  if (/^[-−]\s*[\d.,]+$/u.test(typed)) return 'negative';
  const [, whole, fraction] = /^([\d,]*)(?:\.(\d*))?$/u.exec(typed) ?? [];
  if (whole === undefined) return 'not-a-number';
  const plain = /^\d{1,3}(?:,\d{3})+$/u.test(whole) ? whole.replaceAll(',', '') : whole;
  if (plain.includes(',')) return 'comma';
  if ((fraction ?? '').length > decimals) return 'too-many-decimals';
  return plain.length > WHOLE_DIGITS ? 'too-large' : 'not-a-number';
}
