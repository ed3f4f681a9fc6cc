import { Trans, useLingui } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { useNow, useSnapshot } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { buyableOf, healthOf, vaultSnapshot } from '../../chain/views.ts';
import { Amount } from '../../components/amount.tsx';
import { Collateral, Coverage } from '../../components/health.tsx';
import { EmptyState, Notice, Skeleton } from '../../components/notice.tsx';
import { refusalSentence } from '../../components/refusals.ts';
import { Figure, Figures, PageHeader, Section } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { GatewayTag, vendorLabel } from '../../components/vendor_name.tsx';
import { useVendors, type Vendor } from '../../gateway/queries.ts';
import { useWallet } from '../../wallet/context.tsx';
import { WalletButton } from '../../wallet/wallet_button.tsx';
import { Evidence } from '../reserves/evidence.tsx';
import { CollateralCard } from './collateral.tsx';
import { OfferCard } from './offer.tsx';
import { Tariffs } from './tariffs.tsx';

export default function VendorPage() {
  const { address } = useWallet();
  const { data: snapshot } = useSnapshot();
  const vendors = useVendors(snapshot);
  const own = vendors?.filter(({ vault }) => vault.data.vendor === address);
  return (
    <>
      <PageHeader
        title={<Trans>Vendor</Trans>}
        lead={<Trans>Your vault: what it owes, what stands behind it, and at what price it sells.</Trans>}
      />
      {address === undefined ? (
        <EmptyState title={<Trans>Whose vault?</Trans>} action={<WalletButton />}>
          <Trans>Connect the wallet that is the vendor of a vault.</Trans>
        </EmptyState>
      ) : snapshot === undefined || own === undefined ? (
        <Skeleton lines={14} />
      ) : own.length === 0 ? (
        <EmptyState title={<Trans>This wallet is no vendor here</Trans>}>
          <Trans>
            The currency’s authority admits vendors: a vault is opened with its signature and yours, from the command line. Then the quorum measures your
            hardware, you deposit collateral, and make an offer here.
          </Trans>
        </EmptyState>
      ) : (
        own.map((vendor) => <VaultOf key={vendor.vault.address} vendor={vendor} snapshot={snapshot} />)
      )}
    </>
  );
}

function VaultOf({ vendor, snapshot }: { readonly vendor: Vendor; readonly snapshot: Snapshot }) {
  const { i18n } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const now = useNow();
  const { data: vault } = vendor.vault;
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  const health = healthOf(at);
  const sellable = buyableOf(at);
  const { params } = snapshot.currency.data;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-baseline gap-3">
        <h2 className="text-title font-bold">{vendorLabel(vendor)}</h2>
        <GatewayTag gateway={vendor.gateway} />
      </div>
      {health?.refusal !== undefined && (
        <div className="mb-5">
          <Notice tone="warn" title={<Trans>The vault may not issue now</Trans>}>
            {refusalSentence(health.refusal.code, i18n)}
          </Notice>
        </div>
      )}
      {vault.marginCalledAt !== 0n && (
        <div className="mb-5">
          <Notice tone="bad" title={<Trans>Margin called</Trans>}>
            <Trans>
              Since <Time at={vault.marginCalledAt} /> capacity has not covered what the vault owes. Have more attested, serve, or buy back, before the cure
              period ends: then anybody can have the vault default.
            </Trans>
          </Notice>
        </div>
      )}
      <div className="mb-10">
        <Figures>
          <Figure label={<Trans>Owed</Trans>} note={<Trans>of it <Amount value={vault.balances.open} /> to vouchers</Trans>}>
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
            <Collateral bps={health?.collateralBps} least={BigInt(params.collateralRatio)} />
          </Figure>
          <Figure label={<Trans>Vouchers open</Trans>}>{vault.vouchers.toString()}</Figure>
          <Figure label={<Trans>Challenges open</Trans>}>{vault.challenges.toString()}</Figure>
        </Figures>
      </div>
      <Section title={<Trans>Offer</Trans>} note={<Trans>At what the vault sells to anybody, within what capacity and collateral allow.</Trans>}>
        <OfferCard vendor={vendor} snapshot={snapshot} />
      </Section>
      <Section title={<Trans>Collateral in and out</Trans>}>
        <CollateralCard vendor={vendor} snapshot={snapshot} now={now} />
      </Section>
      <Section title={<Trans>Tariffs</Trans>} note={<Trans>As your gateway publishes them. They are set in its configuration.</Trans>}>
        <Tariffs vendor={vendor} />
      </Section>
      <Section title={<Trans>Measured hardware</Trans>}>
        <Evidence vendor={vendor} ttl={params.attestationTtl} now={now} />
      </Section>
    </>
  );
}
