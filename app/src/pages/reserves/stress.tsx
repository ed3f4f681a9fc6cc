import { Trans, useLingui } from '@lingui/react/macro';
import { useId, useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { backingParts } from '@specie/sdk/quotes';
import { backingIn, type Snapshot } from '../../chain/snapshot.ts';
import { Amount } from '../../components/amount.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { VendorName } from '../../components/vendor_name.tsx';
import { formatAmount, formatBps } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import { stressed } from './book.ts';

/** What a fall or rise of the price, and the loss of the largest vendor, would do to every token. */
export function StressTest({ snapshot, vendors }: { readonly snapshot: Snapshot; readonly vendors: readonly Vendor[] }) {
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const [move, setMove] = useState(0);
  const [largestGone, setLargestGone] = useState(true);
  const slider = useId();
  const outcome = stressed(snapshot, { priceBps: BigInt(10_000 + move * 100), largestGone });
  const gone = vendors.find(({ vault }) => vault.address === outcome.gone?.address);
  const signed = `${move > 0 ? '+' : move < 0 ? '−' : '±'}${Math.abs(move)} %`;
  return (
    <Card>
      <div className="grid gap-x-10 gap-y-5 md:grid-cols-2">
        <div className="space-y-5">
          <div>
            <label htmlFor={slider} className="mb-2 flex justify-between text-small font-medium text-muted">
              <Trans>The price of an SCU moves by</Trans>
              <output htmlFor={slider} className="text-body text-ink">
                {signed}
              </output>
            </label>
            <input
              id={slider}
              type="range"
              min={-90}
              max={200}
              step={5}
              value={move}
              onChange={(event) => setMove(event.target.valueAsNumber)}
              className="h-11 w-full accent-(--color-verdigris)"
            />
          </div>
          <label className="flex min-h-11 cursor-pointer items-center gap-3">
            <input
              type="checkbox"
              checked={largestGone}
              onChange={(event) => setLargestGone(event.target.checked)}
              className="size-5 accent-(--color-verdigris)"
            />
            <Trans>The vendor that owes most disappears, with all its hardware</Trans>
          </label>
        </div>
        <Facts>
          <Fact label={<Trans>The price then</Trans>}>
            <Amount value={outcome.price} unit={collateralSymbol} />
          </Fact>
          <Fact label={<Trans>Collateral for all that is owed</Trans>}>
            {outcome.collateralBps === undefined ? <Trans>nothing owed</Trans> : formatBps(outcome.collateralBps, i18n.locale)}
          </Fact>
          {gone !== undefined && (
            <>
              <Fact label={<Trans>Gone</Trans>}>
                <VendorName vendor={gone} />
              </Fact>
              <Fact label={<Trans>Bought back from its collateral and the insurance</Trans>}>
                <Amount value={outcome.bought} unit="SCU" />
              </Fact>
              <Fact label={<Trans>Written off</Trans>}>
                <Amount value={outcome.loss} unit="SCU" />
              </Fact>
            </>
          )}
          <Fact label={<Trans>Backing of every token then</Trans>}>
            <span className={`figures text-title ${backingParts(outcome.backing) < backingParts(backingIn(snapshot)) ? 'text-rust' : ''}`}>
              {formatAmount(backingParts(outcome.backing), 7, i18n.locale, 2)} %
            </span>
          </Fact>
        </Facts>
      </div>
    </Card>
  );
}
