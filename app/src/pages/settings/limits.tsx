import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { updateSettings, useSettings } from '../../config/settings.ts';
import { formatAmount, parseAmount, SOL_DECIMALS } from '../../format/amount.ts';

/** The most that priority may cost, a tenth of a SOL. */
const FEE_CAP_MAX = 100_000_000n;
/** The widest slippage that may be set, in basis points. */
const SLIPPAGE_MAX = 1_000n;

export function FeeCap() {
  const { priorityFeeCap } = useSettings();
  const [text, setText] = useState(formatAmount(priorityFeeCap, SOL_DECIMALS, 'en'));
  const value = parseAmount(text, SOL_DECIMALS);
  const isWrong = value === undefined || value > FEE_CAP_MAX;
  return (
    <Field
      label={<Trans>Most for priority, a transaction</Trans>}
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const next = parseAmount(event.target.value, SOL_DECIMALS);
        if (next !== undefined && next <= FEE_CAP_MAX) updateSettings({ priorityFeeCap: next });
      }}
      after={<span className="pr-1 text-muted">SOL</span>}
      error={isWrong ? <Trans>Name an amount up to {formatAmount(FEE_CAP_MAX, SOL_DECIMALS, 'en')} SOL.</Trans> : undefined}
      hint={<Trans>What others paid of late is estimated each time, and cut off here.</Trans>}
    />
  );
}

export function Slippage() {
  const { slippageBps } = useSettings();
  const [text, setText] = useState(formatAmount(BigInt(slippageBps), 2, 'en'));
  const value = parseAmount(text, 2);
  const isWrong = value === undefined || value > SLIPPAGE_MAX;
  return (
    <Field
      label={<Trans>How far a price may move before you refuse it</Trans>}
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const next = parseAmount(event.target.value, 2);
        if (next !== undefined && next <= SLIPPAGE_MAX) updateSettings({ slippageBps: Number(next) });
      }}
      after={<span className="pr-1 text-muted">%</span>}
      error={isWrong ? <Trans>Name a share up to 10 %.</Trans> : undefined}
      hint={<Trans>A purchase that would cost more than that above its preview fails, and costs nothing but the fee.</Trans>}
    />
  );
}
