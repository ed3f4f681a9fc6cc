import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { workPerScuToCover } from '@specie/sdk/quotes';
import { useChain } from '../../chain/context.tsx';
import { LOOK_BACK, type Beginning, type History } from '../../chain/history.ts';
import { useHistory } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Amount } from '../../components/amount.tsx';
import { Curve } from '../../components/curve.tsx';
import { Skeleton } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { DECIMALS, formatAmount } from '../../format/amount.ts';
import { formatRelative } from '../../format/time.ts';

interface HistoryProps {
  readonly snapshot: Snapshot;
  readonly history: History;
}

/** The prices that the quorum posted, and the rises of the Standard. */
export function StandardHistory({ snapshot }: { readonly snapshot: Snapshot }) {
  const { data, isError } = useHistory(snapshot);
  if (isError) {
    return (
      <p className="text-muted">
        <Trans>The RPC node does not tell past transactions. Another one may: choose it in Settings.</Trans>
      </p>
    );
  }
  if (data === undefined) return <Skeleton lines={6} />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Prices snapshot={snapshot} history={data} />
      <Standards snapshot={snapshot} history={data} />
    </div>
  );
}

function Prices({ snapshot, history }: HistoryProps) {
  const { t, i18n } = useLingui();
  const { config } = useChain();
  const { prices, pricesFrom } = history;
  const first = prices[0];
  if (first === undefined) {
    return (
      <Card>
        <p className="text-muted">
          <Trans>No price was posted yet, as far as the RPC node remembers.</Trans>
        </p>
      </Card>
    );
  }
  const last = prices.at(-1) ?? first;
  const points = [...prices, { ...last, at: snapshot.now > last.at ? snapshot.now : last.at }];
  const from = formatAmount(first.price, DECIMALS, i18n.locale);
  const to = formatAmount(last.price, DECIMALS, i18n.locale);
  return (
    <Card>
      <h3 className="mb-3 font-bold">
        <Trans>Reference price</Trans>
      </h3>
      <Curve
        tone="brass"
        stepped
        label={t`Reference price of an SCU, from ${from} to ${to} ${config.collateralSymbol}`}
        points={points.map(({ at, price }) => ({ at: Number(at), value: Number(price) }))}
        start={formatRelative(Number(first.at - snapshot.now), i18n)}
        end={t`now`}
      />
      <p className="mt-3 text-muted">
        <Plural value={prices.length} one="# price posted" other="# prices posted" />
        <Trans>
          ; the last is <Amount value={last.price} unit={config.collateralSymbol} />, <Time at={last.at} />.
        </Trans>
      </p>
      <p className="mt-1 text-small text-muted">
        <PricesReach from={pricesFrom} />
      </p>
    </Card>
  );
}

function Standards({ snapshot, history }: HistoryProps) {
  const { t, i18n } = useLingui();
  const { standards, standardsFrom } = history;
  const { workPerScu } = snapshot.standard.data;
  const announced = workPerScuToCover(snapshot.standard.data, snapshot.now);
  const first = standards[0];
  const now = formatAmount(workPerScu, 0, i18n.locale);
  const points = first === undefined ? [] : [...standards, { at: snapshot.now, workPerScu }];
  return (
    <Card>
      <h3 className="mb-3 font-bold">
        <Trans>Standard</Trans>
      </h3>
      {first !== undefined && (
        <Curve
          stepped
          label={t`What an SCU is, from ${formatAmount(first.workPerScu, 0, i18n.locale)} to ${now} TFLOP`}
          points={points.map((point) => ({ at: Number(point.at), value: Number(point.workPerScu) }))}
          start={formatRelative(Number(first.at - snapshot.now), i18n)}
          end={t`now`}
        />
      )}
      <Facts>
        {standards.map(({ at, workPerScu: was }) => (
          <Fact key={`${at} ${was}`} label={<Time at={at} />}>
            <Amount value={was} decimals={0} unit="TFLOP" />
          </Fact>
        ))}
        {first === undefined && (
          <Fact label={<Trans>now</Trans>}>
            <Amount value={workPerScu} decimals={0} unit="TFLOP" />
          </Fact>
        )}
        {announced !== workPerScu && (
          <Fact label={<Trans>announced, see Governance</Trans>}>
            <Amount value={announced} decimals={0} unit="TFLOP" />
          </Fact>
        )}
      </Facts>
      <p className="mt-3 text-small text-muted">
        <StandardsReach from={standardsFrom} hasRises={standards.length > 1} />
      </p>
    </Card>
  );
}

/** How far back the prices go, and why no further. */
function PricesReach({ from }: { readonly from: Beginning }) {
  switch (from) {
    case 'founding':
      return <Trans>Since the currency was founded: these are all.</Trans>;
    case 'bound':
      return <Trans>From the quorum’s last {LOOK_BACK.transactions} transactions. Older prices stand on chain, and are not fetched here.</Trans>;
    case 'node':
      return <Trans>As far back as the RPC node remembers. Another node may tell more: choose it in Settings.</Trans>;
  }
}

/** How far back the Standard's history goes, and why no further. */
function StandardsReach({ from, hasRises }: { readonly from: Beginning; readonly hasRises: boolean }) {
  switch (from) {
    case 'founding':
      return hasRises ? (
        <Trans>Since the currency was founded: these are all rises. The Standard never falls.</Trans>
      ) : (
        <Trans>As the currency was founded: it has not risen since. The Standard never falls.</Trans>
      );
    case 'bound':
      return <Trans>From the last {LOOK_BACK.changes} changes. Earlier rises stand on chain, and are not fetched here.</Trans>;
    case 'node':
      return <Trans>As far back as the RPC node remembers. Another node may tell more: choose it in Settings.</Trans>;
  }
}
