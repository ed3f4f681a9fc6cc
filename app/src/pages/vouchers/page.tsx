import { Trans } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useNow, useSnapshot, useVouchers } from '../../chain/queries.ts';
import { EmptyState, Skeleton } from '../../components/notice.tsx';
import { PageHeader } from '../../components/surface.tsx';
import { useVendors } from '../../gateway/queries.ts';
import { useSessions } from '../../sessions/store.ts';
import { useWallet } from '../../wallet/context.tsx';
import { WalletButton } from '../../wallet/wallet_button.tsx';
import { VoucherDialog, type VoucherAction } from './actions.tsx';
import { VoucherCard } from './voucher_card.tsx';

export default function VouchersPage() {
  return (
    <>
      <PageHeader
        title={<Trans>Vouchers</Trans>}
        lead={<Trans>What you redeemed and have not used up. Close one, and after the dispute window what is left is tokens again.</Trans>}
      />
      <Vouchers />
    </>
  );
}

function Vouchers() {
  const { address } = useWallet();
  const { data: snapshot } = useSnapshot();
  const { data: vouchers } = useVouchers(address);
  const { data: sessions } = useSessions();
  const vendors = useVendors(snapshot);
  const now = useNow();
  const [acting, setActing] = useState<{ readonly action: VoucherAction; readonly voucher: Account<Voucher> } | undefined>();
  if (address === undefined) {
    return (
      <EmptyState title={<Trans>Whose vouchers?</Trans>} action={<WalletButton />}>
        <Trans>Vouchers belong to the wallet that redeemed them. Connect it to see its own.</Trans>
      </EmptyState>
    );
  }
  if (snapshot === undefined || vendors === undefined || vouchers === undefined || sessions === undefined) return <Skeleton lines={12} />;
  const own = vouchers
    .filter(({ data }) => vendors.some(({ vault }) => vault.address === data.vault))
    .toSorted((left, right) => Number(right.data.openedAt - left.data.openedAt));
  return (
    <>
      {own.length === 0 ? (
        <EmptyState
          title={<Trans>No vouchers</Trans>}
          action={
            <Link to="/redeem" className="font-medium text-verdigris-strong underline">
              <Trans>Redeem tokens</Trans>
            </Link>
          }
        >
          <Trans>
            Redeeming burns tokens and opens a voucher at one vendor: a claim on its compute, with a key of your browser’s. It then stands here until it
            is consumed, or you take back what is left.
          </Trans>
        </EmptyState>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          {own.map((voucher) => (
            <VoucherCard
              key={voucher.address}
              voucher={voucher}
              vendor={vendors.find(({ vault }) => vault.address === voucher.data.vault)}
              record={sessions.find((session) => session.voucher === voucher.address)}
              snapshot={snapshot}
              now={now}
              onAct={(action) => setActing({ action, voucher })}
            />
          ))}
        </div>
      )}
      {acting !== undefined && (
        // The voucher that an action ends is gone from the chain: what it came to is still said.
        <VoucherDialog
          action={acting.action}
          voucher={own.find(({ address: at }) => at === acting.voucher.address) ?? acting.voucher}
          vendor={vendors.find(({ vault }) => vault.address === acting.voucher.data.vault)}
          record={undefined}
          snapshot={snapshot}
          now={now}
          onClose={() => setActing(undefined)}
        />
      )}
    </>
  );
}
