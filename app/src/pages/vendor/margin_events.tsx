import { Trans } from '@lingui/react/macro';
import type { SpecieEvent } from '@specie/sdk/events';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Time } from '../../components/time.tsx';
import { marginEvents } from './margin_history.ts';

/** What moved the vault's capacity, collateral and standing, latest first. */
export function MarginEvents({ events }: { readonly events: readonly VaultEvent[] }) {
  const shown = marginEvents(events);
  if (shown.length === 0) {
    return (
      <EmptyState title={<Trans>Nothing has moved the margin</Trans>}>
        <Trans>Attestations, collateral in and out, margin calls and suspensions stand here as they happen.</Trans>
      </EmptyState>
    );
  }
  return (
    <ol className="divide-y divide-line overflow-hidden rounded-box border border-line bg-surface">
      {shown.map(({ at, signature, event }, index) => (
        <li key={`${signature} ${index}`} className="grid gap-x-6 gap-y-0.5 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5">
          <span>
            <What event={event} />
          </span>
          <span className="flex flex-wrap items-baseline gap-x-3 text-small text-muted">
            <Time at={at} />
            <Address value={signature} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function What({ event }: { readonly event: SpecieEvent }): ReactNode {
  const { collateralSymbol } = useConfig();
  switch (event.name) {
    case 'VaultOpened':
      return <Trans>The vault was opened</Trans>;
    case 'CapacityAttested': {
      const { attested, pending } = event.data;
      return pending.effectiveAt === 0n ? (
        <Trans>
          The attestors measured <Amount value={attested.rate} decimals={0} unit="TFLOP/s" />, which counts
        </Trans>
      ) : (
        <Trans>
          The attestors measured <Amount value={pending.attestation.rate} decimals={0} unit="TFLOP/s" />, which waits for its delay
        </Trans>
      );
    }
    case 'AttestationVetoed':
      return <Trans>An attestor vetoed what was measured</Trans>;
    case 'CollateralDeposited':
      return (
        <Trans>
          <Amount value={event.data.amount} unit={collateralSymbol} /> of collateral deposited
        </Trans>
      );
    case 'WithdrawalRequested':
      return event.data.availableAt === 0n ? (
        <Trans>What was asked back of the collateral counts again</Trans>
      ) : (
        <Trans>
          <Amount value={event.data.balances.withdrawing} unit={collateralSymbol} /> of collateral asked back
        </Trans>
      );
    case 'CollateralWithdrawn':
      return (
        <Trans>
          <Amount value={event.data.amount} unit={collateralSymbol} /> of collateral taken out
        </Trans>
      );
    case 'MarginCalled':
      return event.data.calledAt === 0n ? <Trans>The margin call was cleared</Trans> : <Trans>The margin was called</Trans>;
    case 'VaultSuspended':
      return (
        <Trans>
          The vault was suspended by <Address value={event.data.by} />
        </Trans>
      );
    case 'VaultReinstated':
      return <Trans>The vault was reinstated</Trans>;
    case 'VaultDefaulted':
      return (
        <Trans>
          The vault defaulted: <Amount value={event.data.loss} unit="SCU" /> written off
        </Trans>
      );
    case 'Liquidated':
      return <Trans>Tokens were sold to the vault, which buys back what it owed</Trans>;
    case 'Compensated':
      return <Trans>A voucher that was not served was paid out</Trans>;
    default:
      return event.name;
  }
}
