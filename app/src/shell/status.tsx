import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useNodeStates } from '../chain/context.tsx';
import { useCluster, useSnapshot } from '../chain/queries.ts';
import { NoCurrencyError } from '../chain/snapshot.ts';
import { ErrorNotice, Notice } from '../components/notice.tsx';
import { Time } from '../components/time.tsx';

/** Which node is asked, and how it fares. */
export function NodeLine() {
  const states = useNodeStates();
  const { data } = useSnapshot();
  const asked = states.find(({ fault }) => fault === undefined) ?? states[0];
  const isResting = states.some(({ fault }) => fault !== undefined);
  return (
    <p className="px-3 text-small text-muted">
      <span aria-hidden="true" className={`mr-2 inline-block size-2 rounded-pill ${isResting ? 'bg-amber' : 'bg-verdigris'}`} />
      {asked === undefined ? '' : new URL(asked.url).host}
      {data !== undefined && (
        <span className="block pl-4">
          <Trans>slot {data.slot.toString()}</Trans>
        </span>
      )}
    </p>
  );
}

/** What is wrong with the chain as the page sees it; nothing while all is well. */
export function ChainNotices() {
  const { error, data } = useSnapshot();
  const { mismatch } = useCluster();
  const paused = data !== undefined && data.currency.data.pausedUntil > data.now;
  if (!mismatch && error === null && !paused) return null;
  return (
    <div className="mb-6 space-y-3">
      {mismatch && (
        <Notice tone="bad" live title={<Trans>This RPC node is of another cluster</Trans>}>
          <Trans>
            What the currency was founded on is another cluster than this node’s. Nothing can be signed. Choose another node in{' '}
            <Link to="/settings" className="underline">Settings</Link>.
          </Trans>
        </Notice>
      )}
      {error instanceof NoCurrencyError ? (
        <Notice tone="bad" live title={<Trans>No such currency here</Trans>}>
          <Trans>
            This page’s currency does not exist on the cluster that the RPC node is of. Choose another node in{' '}
            <Link to="/settings" className="underline">Settings</Link>.
          </Trans>
        </Notice>
      ) : (
        error !== null && <ErrorNotice error={error} />
      )}
      {paused && (
        <Notice tone="warn" live title={<Trans>Buying is paused</Trans>}>
          <Trans>
            The guardian has paused issuing and withdrawing; the pause ends by itself <Time at={data.currency.data.pausedUntil} />.
            Redeeming, consuming and reclaiming go on.
          </Trans>
        </Notice>
      )}
    </div>
  );
}
