import { Trans, useLingui } from '@lingui/react/macro';
import { updateVault } from '@specie/sdk/plans';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { DECIMALS, formatBps, parseAmount, plainAmount } from '../../format/amount.ts';
import type { Plan } from '../../transactions/plan.ts';
import { VendorRefused } from './numbers.tsx';
import { ownVault, type OwnProps } from './own.ts';
import { farFrom, shareOut } from './sale.ts';

/** Says that a price is far from the one that the attestors posted, as it is where a digit slipped. */
function SlipWarning({ price, posted }: { readonly price: bigint; readonly posted: bigint }) {
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const away = farFrom(price, posted);
  if (away === undefined) return null;
  return (
    <Notice
      tone="warn"
      live
      title={away < 0n ? <Trans>That is {formatBps(-away, i18n.locale)} below the reference price</Trans> : <Trans>That is {formatBps(away, i18n.locale)} above the reference price</Trans>}
    >
      <Trans>
        You ask <Amount value={price} unit={collateralSymbol} /> for an SCU, and the attestors posted <Amount value={posted} unit={collateralSymbol} />. Look whether a digit slipped: what is sold
        at this price is owed all the same.
      </Trans>
    </Notice>
  );
}

/** The offer as it stands, and another. */
export function OfferCard(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const { offer } = vendor.vault.data;
  const [price, setPrice] = useState(plainAmount(offer.price, DECIMALS));
  const [units, setUnits] = useState(plainAmount(offer.units, DECIMALS));
  const [retained, setRetained] = useState(plainAmount(BigInt(offer.retained), 2));
  const next = {
    price: parseAmount(price, DECIMALS),
    units: parseAmount(units, DECIMALS),
    retained: parseAmount(retained, 2),
  };
  const fee = BigInt(snapshot.currency.data.params.fee);
  const isTooMuch = next.retained !== undefined && next.retained + fee > 10_000n;
  const shares = next.price === undefined || next.retained === undefined || isTooMuch ? undefined : shareOut(next.price, next.retained, fee);
  const offered = offer.price !== 0n;
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
            ...ownVault(props),
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
          <Fact label={<Trans>Of each payment, kept as collateral</Trans>}>{formatBps(BigInt(offer.retained), i18n.locale)}</Fact>
          <Fact label={<Trans>Reference price</Trans>}>
            <Amount value={snapshot.standard.data.price} unit={collateralSymbol} />
          </Fact>
        </Facts>
      </Card>
      <Card>
        <div className="space-y-4">
          <AmountField
            allowsZero
            label={<Trans>Price of an SCU; 0 ends the offer</Trans>}
            unit={collateralSymbol}
            value={price}
            onChange={setPrice}
          />
          <AmountField allowsZero label={<Trans>How much to sell</Trans>} unit="SCU" value={units} onChange={setUnits} />
          <AmountField
            allowsZero
            label={<Trans>Share of each payment that stays as collateral</Trans>}
            unit="%"
            decimals={2}
            value={retained}
            onChange={setRetained}
            error={isTooMuch ? <Trans>Name a share up to {formatBps(10_000n - fee, i18n.locale)}: the rest is the currency’s fee.</Trans> : undefined}
          />
          {next.price !== undefined && <SlipWarning price={next.price} posted={snapshot.standard.data.price} />}
          {shares !== undefined && next.price !== 0n && (
            <Facts>
              <Fact label={<Trans>Of the price of an SCU, to you</Trans>}>
                <Amount value={shares.payout} unit={collateralSymbol} />
              </Fact>
              <Fact label={<Trans>into the vault as collateral</Trans>}>
                <Amount value={shares.retained} unit={collateralSymbol} />
              </Fact>
              <Fact label={<Trans>to the currency, as its fee</Trans>}>
                <Amount value={shares.fee} unit={collateralSymbol} />
              </Fact>
            </Facts>
          )}
          <ActionPanel
            id={`offer ${vendor.vault.address} ${price} ${units} ${retained}`}
            refused={(code) => <VendorRefused code={code} at={vaultSnapshot(snapshot, vendor.vault, now)} />}
            plan={plan}
            label={next.price === 0n && offered ? <Trans>End the offer</Trans> : <Trans>Make this offer</Trans>}
            done={next.price === 0n ? <Trans>The chain has confirmed it: nothing is for sale.</Trans> : <Trans>The chain has confirmed it: the offer stands.</Trans>}
          />
        </div>
      </Card>
    </div>
  );
}
