import { Trans, useLingui } from '@lingui/react/macro';
import { formatBps } from '../format/amount.ts';
import { useConfig } from '../chain/context.tsx';
import { Amount } from './amount.tsx';
import { Bar } from './bar.tsx';

interface RatioProps {
  readonly bps: bigint | undefined;
  /** The least that the rules ask for, in basis points. */
  readonly least: bigint;
}

/** Capacity for what is owed: all of it is at 100 %. */
export function Coverage({ bps, least = 10_000n }: Partial<RatioProps>) {
  const { t, i18n } = useLingui();
  return <Ratio label={t`Coverage by capacity`} bps={bps} least={least} locale={i18n.locale} />;
}

/** Collateral for the value of what is owed; while nothing is, what is held for it already. */
export function Collateral({ bps, least, held }: RatioProps & { readonly held: bigint }) {
  const { t, i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  if (bps === undefined && held > 0n) {
    return (
      <span className="inline-grid gap-0.5">
        <Amount value={held} unit={collateralSymbol} />
        <span className="text-small font-normal text-muted">
          <Trans>nothing owed yet</Trans>
        </span>
      </span>
    );
  }
  return <Ratio label={t`Collateral for what is owed`} bps={bps} least={least} locale={i18n.locale} />;
}

function Ratio({ label, bps, least, locale }: RatioProps & { readonly label: string; readonly locale: string }) {
  if (bps === undefined) {
    return (
      <span className="text-muted">
        <Trans>nothing owed</Trans>
      </span>
    );
  }
  const text = formatBps(bps, locale);
  // The bar ends at twice what is asked for: there is room to see by how much it is above.
  const whole = least * 2n;
  return (
    <div className="inline-grid w-36 max-w-full gap-1 text-left">
      <span className={`font-medium ${bps < least ? 'text-rust' : ''}`}>{text}</span>
      <Bar label={label} bps={(bps * 10_000n) / whole} mark={5_000n} text={text} tone={bps < least ? 'bad' : 'good'} />
    </div>
  );
}
