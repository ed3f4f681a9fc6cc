import { Trans } from '@lingui/react/macro';
import { updateVault } from '@specie/sdk/plans';
import { createNoopSigner } from '@solana/kit';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import type { Snapshot } from '../../chain/snapshot.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Field } from '../../components/field.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { DECIMALS, formatAmount, formatBps, parseAmount } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import type { Plan } from '../../transactions/plan.ts';

const plain = (value: bigint, decimals: number): string => formatAmount(value, decimals, 'en').replaceAll(',', '');

/** The offer as it stands, and another. */
export function OfferCard({ vendor, snapshot }: { readonly vendor: Vendor; readonly snapshot: Snapshot }) {
  const { collateralSymbol } = useConfig();
  const { offer } = vendor.vault.data;
  const [price, setPrice] = useState(plain(offer.price, DECIMALS));
  const [units, setUnits] = useState(plain(offer.units, DECIMALS));
  const [retained, setRetained] = useState(plain(BigInt(offer.retained), 2));
  const next = {
    price: parseAmount(price, DECIMALS),
    units: parseAmount(units, DECIMALS),
    retained: parseAmount(retained, 2),
  };
  const isTooMuch = next.retained !== undefined && next.retained > 10_000n;
  const plan =
    next.price === undefined || next.units === undefined || next.retained === undefined || isTooMuch
      ? undefined
      : (): Plan => ({
          kind: 'offer',
          details: [
            { label: 'price', value: String(next.price) },
            { label: 'units', value: String(next.units) },
          ],
          instructions: updateVault({
            currency: snapshot.currency,
            vault: vendor.vault,
            vendor: createNoopSigner(vendor.vault.data.vendor),
            offer: { price: next.price ?? 0n, units: next.units ?? 0n, retained: Number(next.retained) },
          }).instructions,
        });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          <Fact label={<Trans>An SCU costs</Trans>}>
            {offer.price === 0n ? <Trans>no offer</Trans> : <Amount value={offer.price} unit={collateralSymbol} />}
          </Fact>
          <Fact label={<Trans>Left to sell</Trans>}>
            <Amount value={offer.units} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Of each payment, kept as collateral</Trans>}>{formatBps(BigInt(offer.retained), 'en')}</Fact>
          <Fact label={<Trans>Reference price</Trans>}>
            <Amount value={snapshot.standard.data.price} unit={collateralSymbol} />
          </Fact>
        </Facts>
      </Card>
      <Card>
        <div className="space-y-4">
          <Field
            label={<Trans>Price of an SCU; 0 ends the offer</Trans>}
            inputMode="decimal"
            value={price}
            onChange={(event) => setPrice(event.target.value)}
            after={<span className="pr-2 text-muted">{collateralSymbol}</span>}
            error={next.price === undefined ? <Trans>Name an amount with at most 6 digits after the point.</Trans> : undefined}
          />
          <Field
            label={<Trans>How much to sell</Trans>}
            inputMode="decimal"
            value={units}
            onChange={(event) => setUnits(event.target.value)}
            after={<span className="pr-2 text-muted">SCU</span>}
            error={next.units === undefined ? <Trans>Name an amount with at most 6 digits after the point.</Trans> : undefined}
          />
          <Field
            label={<Trans>Share of each payment that stays as collateral</Trans>}
            inputMode="decimal"
            value={retained}
            onChange={(event) => setRetained(event.target.value)}
            after={<span className="pr-2 text-muted">%</span>}
            error={next.retained === undefined || isTooMuch ? <Trans>Name a share up to 100 %.</Trans> : undefined}
          />
          <ActionPanel
            id={`offer ${price} ${units} ${retained}`}
            plan={plan}
            label={<Trans>Make this offer</Trans>}
            done={<Trans>The chain has confirmed it: the offer stands.</Trans>}
          />
        </div>
      </Card>
    </div>
  );
}
