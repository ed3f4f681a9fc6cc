import { Trans, useLingui } from '@lingui/react/macro';
import { Refusal } from '@specie/sdk/errors';
import { backingOf, issueShare, unitsOf, type Snapshot } from '@specie/sdk/quotes';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { buyableOf } from '../../chain/views.ts';
import { formatDuration } from '../../format/time.ts';
import { Amount } from '../../components/amount.tsx';
import { refusalSentence } from '../../components/refusals.ts';
import { Time } from '../../components/time.tsx';

interface RefusedProps {
  /** The program's error code. */
  readonly code: number;
  /** The vault that was asked, with what decides about it. */
  readonly at: Snapshot;
  /** Base units of the token that were asked for. */
  readonly tokens: bigint;
}

/** Why a purchase is refused, for the buyer: with its numbers, and what the buyer can do. */
export function PurchaseRefused({ code, at, tokens }: RefusedProps): ReactNode {
  const { i18n } = useLingui();
  const { symbol } = useConfig();
  const { currency, standard, vault } = at;
  const { params } = currency;
  const most = buyableOf(at);
  const left = most.ok ? most.value : 0n;
  switch (Refusal.ofCode(code)?.reason) {
    case 'NoOffer':
      return <Trans>This vendor offers nothing for sale at the moment. Choose another vendor.</Trans>;
    case 'OfferTooSmall':
      return (
        <Trans>
          This vendor offers <Amount value={vault.offer.units} unit="SCU" />, and that would take <Amount value={unitsOf(tokens, backingOf(at), 'up')} unit="SCU" />.{' '}
          <AtMost left={left} symbol={symbol} />
        </Trans>
      );
    case 'LimitExceeded':
      return (
        <Trans>
          This vendor may owe <Amount value={vault.limit} unit="SCU" /> in all, and would owe more. <AtMost left={left} symbol={symbol} />
        </Trans>
      );
    case 'CoverageBelowFull':
      return (
        <Trans>
          This vendor’s measured hardware cannot deliver that much more. <AtMost left={left} symbol={symbol} />
        </Trans>
      );
    case 'CollateralBelowRatio':
      return (
        <Trans>
          This vendor’s collateral is too small for that much more. <AtMost left={left} symbol={symbol} />
        </Trans>
      );
    case 'VaultNotActive':
    case 'MarginCalled':
      return <Trans>This vendor may sell nothing at the moment: it is suspended, in default, or short of capacity. Choose another vendor.</Trans>;
    case 'CollateralFrozen':
      return <Trans>This vendor’s collateral is frozen by whoever issues that token. Choose another vendor.</Trans>;
    case 'IssueCapReached': {
      const share = issueShare(at);
      return (
        <Trans>
          No vendor may sell without limit: this one has <Amount value={share.room} unit="SCU" /> left for now, and gains <Amount value={share.perHour} unit="SCU" /> an
          hour. Buy less, wait, or choose another vendor.
        </Trans>
      );
    }
    case 'PriceStale':
      return standard.price === 0n ? (
        <Trans>The attestors have not posted a price yet, and nothing is sold without one. Try again later.</Trans>
      ) : (
        <Trans>
          The reference price is from <Time at={standard.publishedAt} />, and counts for {formatDuration(params.priceMaxAge, i18n.locale)}. Nothing is sold until the attestors post another: try
          again later.
        </Trans>
      );
    case 'Paused':
      return (
        <Trans>
          All sales are paused; the pause ends by itself <Time at={currency.pausedUntil} />. Redeeming still works. Try again then.
        </Trans>
      );
    default:
      return refusalSentence(code, i18n);
  }
}

/** What a buyer can still have of a vendor. */
function AtMost({ left, symbol }: { readonly left: bigint; readonly symbol: string }) {
  return left === 0n ? (
    <Trans>Choose another vendor, or try again later.</Trans>
  ) : (
    <Trans>
      Buy at most <Amount value={left} unit={symbol} /> here, or choose another vendor.
    </Trans>
  );
}
