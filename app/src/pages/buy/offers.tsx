import { Trans, useLingui } from '@lingui/react/macro';
import type { Address } from '@solana/kit';
import { quotePurchase } from '@specie/sdk/quotes';
import type { Snapshot } from '../../chain/snapshot.ts';
import { buyableOf, healthOf, vaultSnapshot } from '../../chain/views.ts';
import { Amount } from '../../components/amount.tsx';
import { Collateral, Coverage } from '../../components/health.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { vendorLabel, VendorName } from '../../components/vendor_name.tsx';
import { useConfig } from '../../chain/context.tsx';
import type { Vendor } from '../../gateway/queries.ts';
import { PurchaseRefused } from './refused.tsx';

interface OffersProps {
  readonly snapshot: Snapshot;
  readonly now: bigint;
  readonly vendors: readonly Vendor[];
  readonly tokens: bigint;
  readonly chosen: Address | undefined;
  readonly onChoose: (vault: Address) => void;
}

/** All offers side by side; the chosen one is bought from. */
export function Offers({ snapshot, now, vendors, tokens, chosen, onChoose }: OffersProps) {
  const { t } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const params = snapshot.currency.data.params;
  const at = (vendor: Vendor) => vaultSnapshot(snapshot, vendor.vault, now);
  const columns: readonly Column<Vendor>[] = [
    {
      id: 'vendor',
      header: <Trans>Vendor</Trans>,
      cell: (vendor) => (
        <label className="inline-flex cursor-pointer items-center gap-2.5 font-medium">
          <input
            type="radio"
            name="offer"
            checked={vendor.vault.address === chosen}
            onChange={() => onChoose(vendor.vault.address)}
            aria-label={t`Buy from ${vendorLabel(vendor)}`}
            className="size-4 accent-(--color-verdigris)"
          />
          <VendorName vendor={vendor} />
        </label>
      ),
    },
    {
      id: 'price',
      header: <Trans>An SCU costs</Trans>,
      numeric: true,
      cell: (vendor) =>
        vendor.vault.data.offer.price === 0n ? <Trans>no offer</Trans> : <Amount value={vendor.vault.data.offer.price} unit={collateralSymbol} />,
    },
    {
      id: 'payment',
      header: <Trans>You would pay</Trans>,
      numeric: true,
      cell: (vendor) => {
        const sale = quotePurchase(at(vendor), tokens === 0n ? 1_000_000n : tokens);
        if (tokens === 0n) return <span className="text-muted">—</span>;
        return sale.ok ? (
          <Amount value={sale.value.payment} unit={collateralSymbol} />
        ) : (
          <span className="block max-w-56 text-small text-rust @min-[52rem]:ml-auto">
            <PurchaseRefused code={sale.refusal.code} at={at(vendor)} tokens={tokens} />
          </span>
        );
      },
    },
    {
      id: 'left',
      header: <Trans>Can be bought</Trans>,
      numeric: true,
      cell: (vendor) => {
        const most = buyableOf(at(vendor));
        return <Amount value={most.ok ? most.value : 0n} unit={symbol} />;
      },
    },
    {
      id: 'coverage',
      header: <Trans>Coverage</Trans>,
      cell: (vendor) => <Coverage bps={healthOf(at(vendor))?.coverageBps} />,
    },
    {
      id: 'collateral',
      header: <Trans>Collateral</Trans>,
      cell: (vendor) => <Collateral bps={healthOf(at(vendor))?.collateralBps} least={BigInt(params.collateralRatio)} held={vendor.vault.data.balances.collateral} />,
    },
    {
      id: 'attested',
      header: <Trans>Measured</Trans>,
      cell: (vendor) =>
        vendor.vault.data.attested.attestedAt === 0n && vendor.vault.data.pending.effectiveAt === 0n ? (
          <Trans>never</Trans>
        ) : (
          <Time at={vendor.vault.data.attested.attestedAt || vendor.vault.data.pending.attestation.attestedAt} />
        ),
    },
  ];
  return <Table caption={<Trans>Offers of all vendors</Trans>} columns={columns} rows={vendors} rowKey={({ vault }) => vault.address} />;
}
