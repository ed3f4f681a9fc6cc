import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import { showSession, signConsumed, verifyRecords, type VerifiedStatement } from '@specie/sdk/gateway';
import type { UsageRecord } from '@specie/sdk/messages';
import type { Account } from '@solana/kit';
import { useMutation } from '@tanstack/react-query';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Foreign } from '../../components/foreign.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Fact, Facts } from '../../components/surface.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { formatAmount } from '../../format/amount.ts';
import { consumerOf, openAt } from '../../gateway/consumer.ts';
import { useSessionState, type GatewayState, type Vendor } from '../../gateway/queries.ts';
import type { SessionRecord } from '../../sessions/store.ts';

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
      const consumer = await consumerOf({ url: gateway.url, voucher, vault: vendor.vault, currency: snapshot.currency, record });
      // A session for reading allows no more than was signed before.
      const { session, allowance } = await openAt(consumer, voucher.data.settled, gateway.offer);
      const { apiKey, state } = session;
      const { terms, issuer } = consumer.request;
      const statement = await verifyRecords(consumer.gateway, { terms, issuer, apiKey, id: state.id, settled: voucher.data.settled });
      // What is charged while the records are read may be among them, or not.
      const after = await showSession(consumer.gateway, apiKey, state.id);
      // Answers that were stopped, and those of other clients, are signed for here at exactly what they cost.
      const isWhole = statement.fault === undefined && statement.cumulative === after.consumed && after.held === 0n;
      if (isWhole) await signConsumed(consumer.gateway, { ...consumer.request, note: consumer.note, id: state.id, limit: allowance }, after.consumed);
      return { consumer, session, verdict: { statement, least: state.consumed, most: after.consumed } };
    },
  });
  const live = useSessionState(verify.data?.consumer.gateway, verify.data?.session);
  const columns: readonly Column<UsageRecord>[] = [
    { id: 'number', header: <Trans>No.</Trans>, cell: ({ number }) => number.toString() },
    { id: 'at', header: <Trans>When</Trans>, cell: ({ chargedAt }) => <Time at={chargedAt} /> },
    { id: 'model', header: <Trans>Model or pool</Trans>, cell: ({ model }) => <Foreign code>{model}</Foreign> },
    {
      id: 'usage',
      header: <Trans>Consumed</Trans>,
      numeric: true,
      cell: ({ usage }) =>
        usage.input + usage.output === 0n ? (
          <Trans>{formatAmount(usage.milliseconds, 3, i18n.locale)} s</Trans>
        ) : (
          <Trans>
            {formatAmount(usage.input, 0, i18n.locale)} tokens read, {formatAmount(usage.output, 0, i18n.locale)} written
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
      {live !== undefined && (
        <Facts>
          <Fact label={<Trans>Consumed, as the vendor counts it now</Trans>}>
            <Amount value={live.consumed} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Held for requests that are being served</Trans>}>
            <Amount value={live.held} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Signed for by your key</Trans>}>
            <Amount value={live.allowance} unit="SCU" />
          </Fact>
        </Facts>
      )}
      {verify.data !== undefined && <Verdict {...verify.data.verdict} />}
      {verify.data !== undefined && verify.data.verdict.statement.records.length > 0 && (
        <Table
          caption={<Trans>Signed records</Trans>}
          columns={columns}
          rows={verify.data.verdict.statement.records.slice(-SHOWN).toReversed()}
          rowKey={({ number }) => number.toString()}
        />
      )}
    </div>
  );
}

interface VerdictProps {
  readonly statement: VerifiedStatement;
  /** What the vendor said was consumed before and after the records were read. */
  readonly least: bigint;
  readonly most: bigint;
}

function Verdict({ statement, least, most }: VerdictProps) {
  const count = statement.records.length;
  if (statement.fault !== undefined) {
    const { number, error } = statement.fault;
    const isSigned = error.fault !== 'not-signed' && error.fault !== 'not-delegated';
    return (
      <Notice tone="bad" live title={<Trans>Record {number} is not right</Trans>}>
        {error.message}.{' '}
        {isSigned ? (
          <Trans>The vendor signed it, so it is evidence: close the voucher, and show it to the attestors.</Trans>
        ) : (
          <Trans>It is not signed as it must be, so it proves nothing: consume no more until the vendor has mended it, or close the voucher.</Trans>
        )}
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
    <Notice tone={statement.cumulative >= least && statement.cumulative <= most ? 'good' : 'bad'} live>
      <Plural
        value={count}
        one="The one record is signed by the vendor, at its own tariff, and adds up."
        other="All # records are signed by the vendor, at its own tariff, numbered without gaps, and add up."
      />{' '}
      <Trans>
        They come to <Amount value={statement.cumulative} unit="SCU" />; the vendor says <Amount value={most} unit="SCU" />.
      </Trans>
    </Notice>
  );
}
