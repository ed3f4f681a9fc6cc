import { Trans, useLingui } from '@lingui/react/macro';
import { Refusal } from '@specie/sdk/errors';
import { backingOf, unitsOf, type Class, type Snapshot } from '@specie/sdk/quotes';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { Amount } from '../../components/amount.tsx';
import { refusalSentence } from '../../components/refusals.ts';
import { leastToRedeem, redeemable } from './bounds.ts';

interface RefusedProps {
  /** The program's error code. */
  readonly code: number;
  /** The vault that was asked, with what decides about it. */
  readonly at: Snapshot;
  /** Base units of the token that were to be redeemed. */
  readonly tokens: bigint;
  readonly wanted: Class;
}

/** Why tokens cannot be redeemed at a vault, for their holder: with its numbers, and what the holder can do. */
export function RedemptionRefused({ code, at, tokens, wanted }: RefusedProps): ReactNode {
  const { i18n } = useLingui();
  const { symbol } = useConfig();
  const { currency, vault } = at;
  const { params } = currency;
  switch (Refusal.ofCode(code)?.reason) {
    case 'AmountZero':
      return (
        <Trans>
          Name an amount: at least <Amount value={leastToRedeem(at)} unit={symbol} />.
        </Trans>
      );
    case 'VoucherBelowMinimum':
      return (
        <Trans>
          That comes to <Amount value={unitsOf(tokens, backingOf(at), 'down')} unit="SCU" />, and a voucher is over at least <Amount value={params.minVoucherUnits} unit="SCU" />. Redeem at least{' '}
          <Amount value={leastToRedeem(at)} unit={symbol} />.
        </Trans>
      );
    case 'OutstandingExceeded': {
      const most = redeemable(at, wanted);
      return most === 0n ? (
        <Trans>This vendor owes nothing to holders of tokens that could be redeemed. Choose another vendor.</Trans>
      ) : (
        <Trans>
          This vendor owes <Amount value={vault.balances.outstanding} unit="SCU" /> to holders of tokens. Redeem at most <Amount value={most} unit={symbol} /> here, and the rest at another vendor.
        </Trans>
      );
    }
    case 'ClassNotOffered':
      return <Trans>This vendor opens no vouchers for this. Choose another vendor, or another use.</Trans>;
    case 'VaultNotActive':
    case 'VaultDefaulted':
      return <Trans>This vendor’s vault has defaulted, and opens no vouchers. Choose another vendor; the vault’s collateral buys tokens back.</Trans>;
    default:
      return refusalSentence(code, i18n);
  }
}
