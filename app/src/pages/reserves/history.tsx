import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useChain } from '../../chain/context.tsx';
import { CHAIN_KEY } from '../../chain/queries.ts';
import { readPriceHistory } from '../../chain/history.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Curve } from '../../components/curve.tsx';
import { Skeleton } from '../../components/notice.tsx';
import { Card } from '../../components/surface.tsx';
import { formatAmount } from '../../format/amount.ts';
import { formatRelative } from '../../format/time.ts';

/** The prices that the quorum posted, and the rises of the Standard. */
export function StandardHistory({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t, i18n } = useLingui();
  const { client, config } = useChain();
  const sequence = snapshot.standard.data.priceSequence.toString();
  const { data, isError } = useQuery({
    queryKey: [CHAIN_KEY, 'price history', config.mint, sequence],
    queryFn: () => readPriceHistory(client.rpc, snapshot.standard.address),
    staleTime: 60_000,
  });
  if (isError) {
    return (
      <p className="text-muted">
        <Trans>The RPC node does not tell past transactions. Another one may: choose it in Settings.</Trans>
      </p>
    );
  }
  if (data === undefined) return <Skeleton lines={6} />;
  const first = data[0];
  if (first === undefined) {
    return (
      <p className="text-muted">
        <Trans>No price was posted yet, as far as the RPC node remembers.</Trans>
      </p>
    );
  }
  const last = data.at(-1) ?? first;
  const points = [...data, { ...last, at: snapshot.now }];
  return (
    <Card>
      <Curve
        tone="brass"
        stepped
        label={t`Reference price of an SCU, from ${formatAmount(first.price, 6, i18n.locale)} to ${formatAmount(last.price, 6, i18n.locale)} ${config.collateralSymbol}`}
        points={points.map(({ at, price }) => ({ at: Number(at), value: Number(price) }))}
        start={formatRelative(Number(first.at - snapshot.now), i18n.locale)}
        end={t`now`}
      />
      <p className="mt-3 text-muted">
        <Trans>
          {data.length} prices posted; the last is {formatAmount(last.price, 6, i18n.locale)} {config.collateralSymbol}.
        </Trans>
      </p>
    </Card>
  );
}
