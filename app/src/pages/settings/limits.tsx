import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { AmountField } from '../../components/amount_field.tsx';
import { updateSettings, useSettings } from '../../config/settings.ts';
import { parseAmount, plainAmount, SOL_DECIMALS } from '../../format/amount.ts';

/** The most that priority may cost, a tenth of a SOL. */
const FEE_CAP_MAX = 100_000_000n;
/** The widest slippage that may be set, in basis points. */
const SLIPPAGE_MAX = 1_000n;

export function FeeCap() {
  const { priorityFeeCap } = useSettings();
  const [text, setText] = useState(plainAmount(priorityFeeCap, SOL_DECIMALS));
  return (
    <AmountField
      allowsZero
      label={<Trans>Most for priority, a transaction</Trans>}
      unit="SOL"
      decimals={SOL_DECIMALS}
      most={FEE_CAP_MAX}
      value={text}
      onChange={(typed) => {
        setText(typed);
        const next = parseAmount(typed, SOL_DECIMALS);
        if (next !== undefined && next <= FEE_CAP_MAX) updateSettings({ priorityFeeCap: next });
      }}
      hint={<Trans>What others paid of late is estimated each time, and cut off here.</Trans>}
    />
  );
}

export function Slippage() {
  const { slippageBps } = useSettings();
  const [text, setText] = useState(plainAmount(BigInt(slippageBps), 2));
  return (
    <AmountField
      allowsZero
      label={<Trans>How far a price may move before you refuse it</Trans>}
      unit="%"
      decimals={2}
      most={SLIPPAGE_MAX}
      value={text}
      onChange={(typed) => {
        setText(typed);
        const next = parseAmount(typed, 2);
        if (next !== undefined && next <= SLIPPAGE_MAX) updateSettings({ slippageBps: Number(next) });
      }}
      hint={<Trans>A purchase that would cost more than that above its preview fails, and costs nothing but the fee.</Trans>}
    />
  );
}
