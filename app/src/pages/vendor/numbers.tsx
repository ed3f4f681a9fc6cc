import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Refusal } from '@specie/sdk/errors';
import { attestedWork, issueShare, owedUnits, owedWork, withPendingPromoted, workPerScuToCover, type VaultSnapshot } from '@specie/sdk/quotes';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { Amount } from '../../components/amount.tsx';
import { refusalSentence } from '../../components/refusals.ts';
import { Time } from '../../components/time.tsx';
import { formatBps } from '../../format/amount.ts';
import { formatDuration } from '../../format/time.ts';
import { collateralNeeded } from './needed.ts';

interface NumbersProps {
  /** The program's error code. */
  readonly code: number;
  /** The vault as it would stand with what was asked for. */
  readonly at: VaultSnapshot;
}

/** The program's refusal of something that a vendor asked for: what is wrong, its numbers, and what would help. */
export function VendorRefused({ code, at }: NumbersProps) {
  const { i18n } = useLingui();
  return (
    <>
      {refusalSentence(code, i18n)}
      <Numbers code={code} at={at} />
    </>
  );
}

/** The numbers behind it, and what would help. */
function Numbers({ code, at }: NumbersProps) {
  const said = useNumbers(code, at);
  return said === null ? null : <p className="mt-1.5">{said}</p>;
}

function useNumbers(code: number, { currency, standard, vault: given, now }: VaultSnapshot): ReactNode {
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const { params } = currency;
  const vault = withPendingPromoted(given, now);
  const { balances } = vault;
  switch (Refusal.ofCode(code)?.reason) {
    case 'LimitExceeded':
      return (
        <Trans>
          It would owe <Amount value={owedUnits(vault)} unit="SCU" />, and its limit is <Amount value={vault.limit} unit="SCU" />. The currency’s authority
          raises it by a change that stands for its notice.
        </Trans>
      );
    case 'CoverageBelowFull':
      return (
        <Trans>
          It would owe <Amount value={owedWork(vault, workPerScuToCover(standard, now))} decimals={0} unit="TFLOP" />, and its capacity delivers{' '}
          <Amount value={attestedWork(vault.attested, params.attestationTtl, now)} decimals={0} unit="TFLOP" /> until the pledge ends. Attestations count for{' '}
          {formatDuration(params.attestationTtl, i18n.locale)}: have the attestors measure again, or serve what is owed.
        </Trans>
      );
    case 'CollateralBelowRatio': {
      const needed = collateralNeeded({ currency, standard, vault, now });
      return (
        <Trans>
          It would hold <Amount value={balances.collateral} unit={collateralSymbol} />, and needs <Amount value={needed} unit={collateralSymbol} />,{' '}
          {formatBps(BigInt(params.collateralRatio), i18n.locale)} of what it would owe: <Amount value={needed - balances.collateral} unit={collateralSymbol} />{' '}
          are missing.
        </Trans>
      );
    }
    case 'PriceStale':
      return standard.price === 0n ? (
        <Trans>No price was posted yet.</Trans>
      ) : (
        <Trans>
          The last price was observed <Time at={standard.publishedAt} />, and counts for {formatDuration(params.priceMaxAge, i18n.locale)}.
        </Trans>
      );
    case 'Paused':
      return (
        <Trans>
          The pause ends by itself <Time at={currency.pausedUntil} />; the authority may end it before.
        </Trans>
      );
    case 'VaultNotActive':
      return vault.status === 1 ? (
        <Trans>The vault is suspended. Its holders redeem as before; the currency’s authority reinstates it.</Trans>
      ) : (
        <Trans>The vault has defaulted, which is final: its collateral buys back what it owed.</Trans>
      );
    case 'MarginCalled':
      return (
        <Trans>
          The margin was called <Time at={vault.marginCalledAt} />. Once capacity covers what is owed, have the call cleared below.
        </Trans>
      );
    case 'PenaltyOwed':
      return (
        <Trans>
          It owes the insurance <Amount value={vault.penalty} unit={collateralSymbol} /> for what it neither served nor paid for. Your next deposit pays that
          first; left unpaid, it lets anybody call the margin.
        </Trans>
      );
    case 'IssueCapReached': {
      const share = issueShare({ currency, vault, now });
      return (
        <Trans>
          Of the vault’s share of the issue cap <Amount value={share.room} unit="SCU" /> are left now. It may issue <Amount value={share.burst} unit="SCU" /> at once,
          and gains <Amount value={share.perHour} unit="SCU" /> an hour.
        </Trans>
      );
    }
    case 'CollateralInsufficient':
      return (
        <Trans>
          It holds <Amount value={balances.collateral + balances.withdrawing} unit={collateralSymbol} />, what was asked back before included.
        </Trans>
      );
    case 'WithdrawalTooEarly':
      return (
        <Trans>
          It is payable <Time at={vault.withdrawalAvailableAt} />.
        </Trans>
      );
    case 'RetainedShareTooLarge':
      return (
        <Trans>
          The fee is {formatBps(BigInt(params.fee), i18n.locale)}, so at most {formatBps(10_000n - BigInt(params.fee), i18n.locale)} can stay as collateral.
        </Trans>
      );
    case 'VaultOwes':
      return (
        <Trans>
          It owes <Amount value={balances.outstanding} unit="SCU" /> to token holders and <Amount value={balances.open} unit="SCU" /> to vouchers;{' '}
          <Plural value={Number(vault.vouchers)} one="# voucher stands" other="# vouchers stand" /> open on it.
        </Trans>
      );
    case 'VaultHolds':
      return (
        <Trans>
          It holds <Amount value={balances.collateral} unit={collateralSymbol} />, and <Amount value={balances.withdrawing} unit={collateralSymbol} /> more are
          asked back.
        </Trans>
      );
    default:
      return null;
  }
}
