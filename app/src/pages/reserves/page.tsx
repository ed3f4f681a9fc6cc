import { Trans, useLingui } from '@lingui/react/macro';
import { backingParts, workPerScuToCover } from '@specie/sdk/quotes';
import { backingIn } from '../../chain/snapshot.ts';
import { useConfig } from '../../chain/context.tsx';
import { useNow, useSnapshot } from '../../chain/queries.ts';
import { Amount } from '../../components/amount.tsx';
import { EmptyState, Skeleton } from '../../components/notice.tsx';
import { Figure, Figures, PageHeader, Section } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { formatAmount, formatBps } from '../../format/amount.ts';
import { useVendors } from '../../gateway/queries.ts';
import { bookOf } from './book.ts';
import { StandardHistory } from './history.tsx';
import { Sources } from './sources.tsx';
import { StressTest } from './stress.tsx';
import { VaultCard } from './vault_card.tsx';

export default function ReservesPage() {
  const { i18n } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const { data: snapshot } = useSnapshot();
  const vendors = useVendors(snapshot);
  const now = useNow();
  const header = (
    <PageHeader
      title={<Trans>Reserves</Trans>}
      lead={<Trans>What stands behind every {symbol}: hardware that was measured, and collateral. Your browser computes all of it from the chain.</Trans>}
    />
  );
  if (snapshot === undefined || vendors === undefined) {
    return (
      <>
        {header}
        <Skeleton lines={16} />
      </>
    );
  }
  const book = bookOf(snapshot, now);
  const { data: standard } = snapshot.standard;
  return (
    <>
      {header}
      <div className="mb-10">
        <Figures>
          <Figure label={<Trans>Tokens that exist</Trans>}>
            <Amount value={book.supply} unit={symbol} />
          </Figure>
          <Figure label={<Trans>Owed by vendors</Trans>} note={<Trans>of it <Amount value={book.open} unit="SCU" /> to vouchers</Trans>}>
            <Amount value={book.owed} unit="SCU" />
          </Figure>
          <Figure label={<Trans>Capacity for it</Trans>} note={<Trans>still to come from measured hardware</Trans>}>
            {book.coverageBps === undefined ? <Trans>nothing owed</Trans> : formatBps(book.coverageBps, i18n.locale)}
          </Figure>
          <Figure label={<Trans>Collateral</Trans>} note={book.collateralBps === undefined ? undefined : <Trans>{formatBps(book.collateralBps, i18n.locale)} of what is owed</Trans>}>
            <Amount value={book.collateral} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>Insurance</Trans>}>
            <Amount value={snapshot.insurance} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>Backing of a token</Trans>} note={<Trans>what all vaults owe for it; falls only by a default</Trans>}>
            {formatAmount(backingParts(backingIn(snapshot)), 7, i18n.locale, 2)} %
          </Figure>
          <Figure
            label={<Trans>Reference price of an SCU</Trans>}
            note={standard.publishedAt === 0n ? <Trans>none was posted yet</Trans> : <Time at={standard.publishedAt} />}
          >
            <Amount value={standard.price} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>An SCU is</Trans>} note={workPerScuToCover(standard, snapshot.now) === standard.workPerScu ? undefined : <Trans>a rise to {formatAmount(workPerScuToCover(standard, snapshot.now), 0, i18n.locale)} TFLOP is announced</Trans>}>
            <Amount value={standard.workPerScu} decimals={0} unit="TFLOP" />
          </Figure>
        </Figures>
      </div>
      <Section
        title={<Trans>Vaults</Trans>}
        note={<Trans>Unused compute perishes, so capacity falls by the second. It must stay above the dashed line, which is what the vendor owes. Where it drops to nothing, the measurement is too old to count: the quorum measures again before that.</Trans>}
      >
        {vendors.length === 0 ? (
          <EmptyState title={<Trans>No vendor has a vault yet</Trans>}>
            <Trans>Without vaults no token can exist: each is issued against one.</Trans>
          </EmptyState>
        ) : (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5 md:grid-cols-2">
            {vendors.map((vendor) => (
              <VaultCard key={vendor.vault.address} vendor={vendor} snapshot={snapshot} now={now} />
            ))}
          </div>
        )}
      </Section>
      <Section title={<Trans>What if</Trans>} note={<Trans>Computed as the program would, with what is on chain now.</Trans>}>
        <StressTest snapshot={snapshot} vendors={vendors} />
      </Section>
      <Section title={<Trans>Price and Standard over time</Trans>} note={<Trans>Read from the quorum’s and the changes’ own transactions.</Trans>}>
        <StandardHistory snapshot={snapshot} />
      </Section>
      <Section title={<Trans>Check it yourself</Trans>}>
        <Sources snapshot={snapshot} />
      </Section>
    </>
  );
}
