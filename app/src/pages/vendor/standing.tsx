import { Trans } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { buyableOf, healthOf, vaultSnapshot } from '../../chain/views.ts';
import { Amount } from '../../components/amount.tsx';
import { Collateral, Coverage } from '../../components/health.tsx';
import { Notice } from '../../components/notice.tsx';
import { Figure, Figures, Tag } from '../../components/surface.tsx';
import { VendorRefused } from './numbers.tsx';
import type { OwnProps } from './own.ts';

/** Whether the vault does business. */
export function StatusTag({ status }: { readonly status: number }) {
  switch (status) {
    case 0:
      return (
        <Tag tone="good">
          <Trans>active</Trans>
        </Tag>
      );
    case 1:
      return (
        <Tag tone="warn">
          <Trans>suspended</Trans>
        </Tag>
      );
    default:
      return (
        <Tag tone="bad">
          <Trans>defaulted</Trans>
        </Tag>
      );
  }
}

/** What the vault owes and holds, and what keeps it from business. */
export function Standing({ vendor, snapshot, now }: OwnProps) {
  const { symbol, collateralSymbol } = useConfig();
  const { data: vault } = vendor.vault;
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  const health = healthOf(at);
  const sellable = buyableOf(at);
  const { params } = snapshot.currency.data;
  return (
    <>
      {health?.refusal !== undefined && (
        <div className="mb-5">
          <Notice tone={vault.marginCalledAt !== 0n || vault.status === 2 ? 'bad' : 'warn'} title={<Trans>The vault may not issue now</Trans>}>
            <VendorRefused code={health.refusal.code} at={at} />
          </Notice>
        </div>
      )}
      {vault.challenges > 0n && (
        <div className="mb-5">
          <Notice tone="warn" title={<Trans>A holder says that you do not serve</Trans>}>
            <Trans>Your gateway answers challenges by itself. See under Serving that it did, or answer there: what stays unanswered is paid from your collateral.</Trans>
          </Notice>
        </div>
      )}
      <div className="mb-8">
        <Figures>
          <Figure label={<Trans>Owed</Trans>} note={<Trans>of it <Amount value={vault.balances.open} unit="SCU" /> to vouchers</Trans>}>
            <Amount value={vault.balances.outstanding + vault.balances.open} unit="SCU" />
          </Figure>
          <Figure label={<Trans>Served and settled</Trans>}>
            <Amount value={vault.balances.delivered} unit="SCU" />
          </Figure>
          <Figure label={<Trans>Can be sold now</Trans>}>
            <Amount value={sellable.ok ? sellable.value : 0n} unit={symbol} />
          </Figure>
          <Figure label={<Trans>Collateral</Trans>}>
            <Amount value={vault.balances.collateral} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>Coverage</Trans>}>
            <Coverage bps={health?.coverageBps} />
          </Figure>
          <Figure label={<Trans>Collateral ratio</Trans>}>
            <Collateral bps={health?.collateralBps} least={BigInt(params.collateralRatio)} held={vault.balances.collateral} />
          </Figure>
          <Figure label={<Trans>Vouchers open</Trans>}>{vault.vouchers.toString()}</Figure>
          <Figure label={<Trans>Challenges open</Trans>}>{vault.challenges.toString()}</Figure>
        </Figures>
      </div>
    </>
  );
}
