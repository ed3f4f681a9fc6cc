import { Trans } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { useCluster } from '../../chain/queries.ts';
import { ActionName } from '../../components/action_name.tsx';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { FailureText } from '../../components/failure_text.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { PageHeader, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { SOL_DECIMALS } from '../../format/amount.ts';
import { forgetEnded, useJournal, type JournalEntry } from '../../transactions/journal.ts';
import type { Detail } from '../../transactions/plan.ts';

export default function ActivityPage() {
  const journal = useJournal();
  return (
    <>
      <PageHeader
        title={<Trans>Activity</Trans>}
        lead={<Trans>Every transaction that this browser sent. One that was on its way when you left is followed to its end when you come back.</Trans>}
        aside={
          journal.some(({ state }) => state !== 'pending') ? (
            <Button look="quiet" onClick={forgetEnded}>
              <Trans>Forget what has ended</Trans>
            </Button>
          ) : undefined
        }
      />
      {journal.length === 0 ? (
        <EmptyState title={<Trans>Nothing sent yet</Trans>}>
          <Trans>What you sign appears here before it is sent, and stays with the chain’s word on it. It is kept in this browser alone.</Trans>
        </EmptyState>
      ) : (
        <ol className="divide-y divide-line overflow-hidden rounded-box border border-line bg-surface">
          {journal.map((entry) => (
            <Entry key={entry.signature} entry={entry} />
          ))}
        </ol>
      )}
    </>
  );
}

function Entry({ entry }: { readonly entry: JournalEntry }) {
  const { genesis } = useCluster();
  const isElsewhere = genesis !== undefined && genesis !== entry.genesis;
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-4 sm:grid-cols-[minmax(0,1fr)_auto] sm:px-5">
      <div className="min-w-0">
        <p className="font-medium">
          <ActionName kind={entry.kind} />
        </p>
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-small text-muted">
          {entry.details.map((detail) => (
            <DetailText key={detail.label} detail={detail} />
          ))}
        </p>
        {entry.failure !== undefined && (
          <p className="mt-1.5 text-small text-rust">
            <FailureText facts={entry.failure} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-small sm:flex-col sm:items-end">
        <span className="flex items-center gap-2">
          <StateTag state={entry.state} />
          {isElsewhere && (
            <Tag>
              <Trans>another cluster</Trans>
            </Tag>
          )}
        </span>
        <Sent at={entry.sentAt} />
        <Address value={entry.signature} />
      </div>
    </li>
  );
}

/** When it was sent, by this machine's clock. */
function Sent({ at }: { readonly at: number }) {
  return (
    <span className="text-muted">
      <Time at={BigInt(Math.floor(at / 1_000))} clock="machine" />
    </span>
  );
}

function StateTag({ state }: Pick<JournalEntry, 'state'>) {
  switch (state) {
    case 'pending':
      return (
        <Tag tone="coin">
          <Trans>on its way</Trans>
        </Tag>
      );
    case 'confirmed':
      return (
        <Tag tone="good">
          <Trans>confirmed</Trans>
        </Tag>
      );
    case 'failed':
      return (
        <Tag tone="bad">
          <Trans>failed</Trans>
        </Tag>
      );
    case 'expired':
      return (
        <Tag tone="warn">
          <Trans>expired, nothing happened</Trans>
        </Tag>
      );
  }
}

function DetailText({ detail: { label, value } }: { readonly detail: Detail }) {
  const { symbol, collateralSymbol } = useConfig();
  switch (label) {
    case 'tokens':
      return <Amount value={BigInt(value)} unit={symbol} />;
    case 'units':
      return <Amount value={BigInt(value)} unit="SCU" />;
    case 'payment':
    case 'price':
      return <Amount value={BigInt(value)} unit={collateralSymbol} />;
    case 'lamports':
      return <Amount value={BigInt(value)} decimals={SOL_DECIMALS} unit="SOL" />;
    case 'vendor':
    case 'change':
      return <span>{value}</span>;
    case 'vault':
      return (
        <span>
          <Trans>
            vault <Address value={value} />
          </Trans>
        </span>
      );
    case 'voucher':
      return (
        <span>
          <Trans>
            voucher <Address value={value} />
          </Trans>
        </span>
      );
  }
}
