import { Trans } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import { CLASSES, remainingUnits } from '@specie/sdk/quotes';
import type { Account } from '@solana/kit';
import { useState } from 'react';
import { useVouchersOf } from '../../chain/queries.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../components/notice.tsx';
import { Tag } from '../../components/surface.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { challengeOf, stateOf } from '../vouchers/state.ts';
import type { OwnProps } from './own.ts';
import { VoucherActionDialog } from './voucher_action.tsx';

/** How many rows are shown at first. */
const ROWS = 25;

/** The vouchers that stand open on the vault, and what its operator, or anybody, may do about each. */
export function OpenVouchers(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { data: vouchers, error } = useVouchersOf(vendor.vault.address);
  const [shown, setShown] = useState(ROWS);
  const [chosen, setChosen] = useState<Account<Voucher> | undefined>();
  if (vouchers === undefined) return error === null ? <Skeleton lines={6} /> : <ErrorNotice error={error} />;
  const columns: readonly Column<Account<Voucher>>[] = [
    { id: 'voucher', header: <Trans>Voucher</Trans>, cell: ({ address }) => <Address value={address} /> },
    { id: 'owner', header: <Trans>Owner</Trans>, cell: ({ data }) => <Address value={data.owner} /> },
    {
      id: 'class',
      header: <Trans>Class</Trans>,
      cell: ({ data }) => {
        const name = CLASSES[data.class];
        return name === undefined ? data.class.toString() : <ClassName name={name} />;
      },
    },
    { id: 'left', header: <Trans>Left to serve</Trans>, numeric: true, cell: ({ data }) => <Amount value={remainingUnits(data)} unit="SCU" /> },
    { id: 'settled', header: <Trans>Settled</Trans>, numeric: true, cell: ({ data }) => <Amount value={data.settled} unit="SCU" /> },
    {
      id: 'state',
      header: <Trans>State</Trans>,
      cell: ({ data }) => (
        <span className="inline-flex flex-wrap justify-end gap-1.5 @min-[52rem]:justify-start">
          <State voucher={data} {...props} />
        </span>
      ),
    },
    {
      id: 'action',
      header: <Trans>What can be done</Trans>,
      numeric: true,
      cell: (voucher) => (
        <Button look="quiet" onClick={() => setChosen(voucher)}>
          <Trans>Look at it</Trans>
        </Button>
      ),
    },
  ];
  return (
    <>
      {vouchers.length === 0 ? (
        <EmptyState title={<Trans>No voucher stands open</Trans>}>
          <Trans>A voucher is opened by whoever redeems tokens at this vault. Then your gateway serves it, and settles what its holder signed.</Trans>
        </EmptyState>
      ) : (
        <Table caption={<Trans>Vouchers open on the vault</Trans>} columns={columns} rows={vouchers.slice(0, shown)} rowKey={({ address }) => address} />
      )}
      {vouchers.length > shown && (
        <div className="mt-3">
          <Button look="quiet" onClick={() => setShown(shown + ROWS)}>
            <Trans>Show more of {vouchers.length}</Trans>
          </Button>
        </div>
      )}
      {chosen !== undefined && (
        <VoucherActionDialog
          // As it stands now; once it is gone, as it stood.
          voucher={vouchers.find(({ address }) => address === chosen.address) ?? chosen}
          vendor={vendor}
          snapshot={snapshot}
          now={now}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}

function State({ voucher, snapshot, now }: OwnProps & { readonly voucher: Voucher }) {
  const state = stateOf(voucher, snapshot.currency.data.params, now);
  const challenge = challengeOf(voucher, now);
  return (
    <>
      {state.is === 'open' && (
        <Tag long tone="good">
          <Trans>
            open, ends <Time at={state.until} />
          </Trans>
        </Tag>
      )}
      {state.is === 'closing' && (
        <Tag long tone="warn">
          <Trans>
            closing, receipts stop counting <Time at={state.until} />
          </Trans>
        </Tag>
      )}
      {state.is === 'reclaimable' && (
        <Tag tone="coin">
          <Trans>can be reclaimed</Trans>
        </Tag>
      )}
      {challenge.is === 'waiting' && (
        <Tag long tone="bad">
          <Trans>
            challenged, answer due <Time at={challenge.until} />
          </Trans>
        </Tag>
      )}
      {challenge.is === 'unanswered' && (
        <Tag tone="bad">
          <Trans>not answered in time</Trans>
        </Tag>
      )}
      {challenge.is === 'answered' && (
        <Tag long>
          <Trans>
            answered <Time at={challenge.at} />
          </Trans>
        </Tag>
      )}
    </>
  );
}
