import { useLingui } from '@lingui/react';
import { amountParts, DECIMALS } from '../format/amount.ts';

interface AmountProps {
  /** Base units. */
  readonly value: bigint;
  readonly decimals?: number;
  /** What it is an amount of, like a token's symbol. */
  readonly unit?: string;
  /** Digits after the point that are shown though they are zero. */
  readonly least?: number;
  readonly className?: string;
}

/** An amount, exact to its last digit: the whole in ink, the fraction quieter. */
export function Amount({ value, decimals = DECIMALS, unit, least = 2, className }: AmountProps) {
  const { i18n } = useLingui();
  const { sign, whole, fraction } = amountParts(value, decimals, i18n.locale, least);
  return (
    <span className={`whitespace-nowrap tabular-nums ${className ?? ''}`}>
      {sign}
      {whole}
      {fraction !== '' && <span className="opacity-90">.{fraction}</span>}
      {unit !== undefined && <span className="ml-[0.35em] text-[0.82em] font-normal text-muted">{unit}</span>}
    </span>
  );
}
