import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import type { UsageRecord } from '@specie/sdk/messages';
import { clusterOf } from '@specie/sdk/plans';
import type { Account } from '@solana/kit';
import { useMutation } from '@tanstack/react-query';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { formatAmount } from '../../format/amount.ts';
import type { GatewayState, Vendor } from '../../gateway/queries.ts';
import { openSession, type Consumer } from '../../gateway/session.ts';
import { verifyStatement } from '../../gateway/statement.ts';
import { signerOf } from '../../sessions/key.ts';
import { noteSigned, readSession, type SessionRecord } from '../../sessions/store.ts';

interface RecordsProps {
  readonly voucher: Account<Voucher>;
  readonly vendor: Vendor;
  readonly gateway: Extract<GatewayState, { readonly state: 'own' }>;
  readonly record: SessionRecord;
  readonly snapshot: Snapshot;
}

/** How many of the last records are shown; all are checked. */
const SHOWN = 20;

/** Fetches every charge that the vendor signed, and checks each of them here. */
export function Records({ voucher, vendor, gateway, record, snapshot }: RecordsProps) {
  const { i18n } = useLingui();
  const verify = useMutation({
    mutationFn: async () => {
      const consumer: Consumer = {
        gateway: gateway.url,
        voucher,
        vault: vendor.vault,
        cluster: clusterOf(snapshot.currency.data),
        signer: await signerOf(record.key),
        note: (units) => noteSigned(voucher.address, units),
      };
      // A session for reading allows no more than was signed before.
      const signed = (await readSession(voucher.address))?.signed ?? 0n;
      const allowance = signed > voucher.data.settled ? signed : voucher.data.settled;
      const session = await openSession(consumer, allowance, gateway.offer.terms);
      const statement = await verifyStatement(consumer, session.id, session.apiKey);
      return { statement, consumed: session.consumed };
    },
  });
  const columns: readonly Column<UsageRecord>[] = [
    { id: 'number', header: <Trans>No.</Trans>, cell: ({ number }) => number.toString() },
    { id: 'at', header: <Trans>When</Trans>, cell: ({ chargedAt }) => <Time at={chargedAt} /> },
    { id: 'model', header: <Trans>Model or pool</Trans>, cell: ({ model }) => <span className="font-code text-small">{model}</span> },
    {
      id: 'usage',
      header: <Trans>Consumed</Trans>,
      numeric: true,
      cell: ({ usage }) =>
        usage.input + usage.output === 0n ? (
          <Trans>{formatAmount(usage.milliseconds, 3, i18n.locale)} s</Trans>
        ) : (
          <Trans>
            {formatAmount(usage.input, 0, i18n.locale)} read, {formatAmount(usage.output, 0, i18n.locale)} written
          </Trans>
        ),
    },
    { id: 'units', header: <Trans>Cost</Trans>, numeric: true, cell: ({ units }) => <Amount value={units} unit="SCU" /> },
  ];
  return (
    <div className="mt-4 space-y-3 border-t border-line pt-4">
      <Button look="quiet" disabled={verify.isPending} onClick={() => verify.mutate()}>
        {verify.isPending ? <Trans>Checking every record…</Trans> : <Trans>Check what the vendor charged</Trans>}
      </Button>
      {verify.isError && <ErrorNotice error={verify.error} />}
      {verify.data !== undefined && <Verdict {...verify.data} />}
      {verify.data !== undefined && verify.data.statement.records.length > 0 && (
        <Table
          caption={<Trans>Signed records</Trans>}
          columns={columns}
          rows={verify.data.statement.records.slice(-SHOWN).toReversed()}
          rowKey={({ number }) => number.toString()}
        />
      )}
    </div>
  );
}

function Verdict({ statement, consumed }: { readonly statement: Awaited<ReturnType<typeof verifyStatement>>; readonly consumed: bigint }) {
  const count = statement.records.length;
  if (statement.fault !== undefined) {
    return (
      <Notice tone="bad" live title={<Trans>Record {statement.fault.number} is not right</Trans>}>
        <Trans>{statement.fault.said}. The vendor signed it, so it is evidence: close the voucher, and show it to the attestors.</Trans>
      </Notice>
    );
  }
  if (count === 0) {
    return (
      <Notice live>
        <Trans>Nothing was charged yet.</Trans>
      </Notice>
    );
  }
  return (
    <Notice tone={statement.cumulative === consumed ? 'good' : 'bad'} live>
      <Plural
        value={count}
        one="The one record is signed by the vendor, at its own tariff, and adds up."
        other="All # records are signed by the vendor, at its own tariff, numbered without gaps, and add up."
      />{' '}
      <Trans>
        They come to <Amount value={statement.cumulative} unit="SCU" />; the vendor says <Amount value={consumed} unit="SCU" />.
      </Trans>
    </Notice>
  );
}
