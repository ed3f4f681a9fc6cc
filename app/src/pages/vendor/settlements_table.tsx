import { Plural, Trans } from '@lingui/react/macro';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { settlementsOf, type Settlement } from './settlements.ts';

/** Every settlement of the vault's vouchers: who was served how much, and what that comes to. */
export function Settlements({ events }: { readonly events: readonly VaultEvent[] }) {
  const settlements = settlementsOf(events);
  if (settlements.length === 0) {
    return (
      <EmptyState title={<Trans>Nothing settled</Trans>}>
        <Trans>
          Holders sign receipts as they consume, and your gateway brings them to the chain: once they are worth it, once they are old, and before a voucher ends. What is not settled
          by then is lost to you.
        </Trans>
      </EmptyState>
    );
  }
  const columns: readonly Column<Settlement>[] = [
    { id: 'when', header: <Trans>When</Trans>, cell: ({ at }) => <Time at={at} /> },
    {
      id: 'vouchers',
      header: <Trans>Vouchers, consumed in all</Trans>,
      cell: ({ receipts }) => (
        <span className="inline-grid gap-0.5">
          {receipts.map(({ voucher, settled }) => (
            <span key={voucher} className="flex flex-wrap justify-end gap-x-3 @min-[52rem]:justify-start">
              <Address value={voucher} />
              <Amount value={settled} unit="SCU" />
            </span>
          ))}
        </span>
      ),
    },
    {
      id: 'added',
      header: <Trans>Served since the last one</Trans>,
      numeric: true,
      cell: ({ added }) => (added === undefined ? <Trans>not told</Trans> : <Amount value={added} unit="SCU" />),
    },
    { id: 'delivered', header: <Trans>Served by then</Trans>, numeric: true, cell: ({ delivered }) => <Amount value={delivered} unit="SCU" /> },
    { id: 'transaction', header: <Trans>Transaction</Trans>, numeric: true, cell: ({ signature }) => <Address value={signature} /> },
  ];
  return (
    <>
      <p className="mb-3 text-muted">
        <Plural value={settlements.length} one="# settlement" other="# settlements" />
      </p>
      <Table caption={<Trans>Settlements</Trans>} columns={columns} rows={settlements} rowKey={({ id }) => id} />
    </>
  );
}
