import { Trans } from '@lingui/react/macro';
import type { Address } from '@solana/kit';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useNow, useSnapshot } from '../../chain/queries.ts';
import { backingIn } from '../../chain/snapshot.ts';
import { Amount } from '../../components/amount.tsx';
import { EmptyState, Skeleton } from '../../components/notice.tsx';
import { Card, PageHeader, Section } from '../../components/surface.tsx';
import { parseAmount } from '../../format/amount.ts';
import { useVendors } from '../../gateway/queries.ts';
import { TokensField } from './amount_field.tsx';
import { cheapest } from './choice.ts';
import { Offers } from './offers.tsx';
import { Order } from './order.tsx';
import { Trust } from './trust.tsx';
import { WorthTable } from './worth_table.tsx';

export default function BuyPage() {
  const { symbol, collateralSymbol } = useConfig();
  const { data: snapshot } = useSnapshot();
  const vendors = useVendors(snapshot);
  const now = useNow();
  const [text, setText] = useState('10');
  const named = useSearch({ from: '/buy' }).vault;
  const [picked, setPicked] = useState<Address | undefined>();
  const tokens = parseAmount(text, 6);

  const chosen =
    vendors?.find(({ vault }) => vault.address === (picked ?? named)) ??
    (snapshot === undefined || vendors === undefined ? undefined : cheapest(snapshot, vendors, tokens ?? 0n, now));
  const price = snapshot?.standard.data.price ?? 0n;

  return (
    <>
      <PageHeader
        title={<Trans>Buy compute</Trans>}
        lead={
          <Trans>
            One {symbol} is an hour of a current accelerator, owed by a vendor whose hardware has been measured. Buy it now, use it at any
            vendor later.
          </Trans>
        }
        aside={
          price === 0n ? undefined : (
            <p className="lg:text-right">
              <span className="block text-small text-muted">
                <Trans>Reference price of an SCU</Trans>
              </span>
              <span className="figures text-figure text-brass">
                <Amount value={price} unit={collateralSymbol} />
              </span>
            </p>
          )
        }
      />
      {snapshot === undefined || vendors === undefined ? (
        <Skeleton lines={14} />
      ) : vendors.length === 0 ? (
        <EmptyState title={<Trans>No vendor has a vault yet</Trans>}>
          <Trans>A vendor pledges measured hardware and collateral into a vault. Once one has, its offer stands here.</Trans>
        </EmptyState>
      ) : (
        <>
          <div className="mb-6 max-w-prose">
            <TokensField text={text} onChange={setText} />
          </div>
          <div className="mb-8">
            <Offers
              snapshot={snapshot}
              now={now}
              vendors={vendors}
              tokens={tokens ?? 0n}
              chosen={chosen?.vault.address}
              onChoose={setPicked}
            />
          </div>
          <div className="mb-6 grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_23rem]">
            <Card className="lg:sticky lg:top-24 lg:order-2">
              <Order snapshot={snapshot} now={now} vendor={chosen} tokens={tokens} onBought={() => setText('')} />
            </Card>
            <Section
              title={<Trans>What one {symbol} is worth</Trans>}
              note={<Trans>By the tariffs that the vendors’ gateways publish now. A session keeps the tariff that it was opened under.</Trans>}
            >
              <WorthTable vendors={vendors} backing={backingIn(snapshot)} />
            </Section>
          </div>
          <Trust />
        </>
      )}
    </>
  );
}
