import { Trans } from '@lingui/react/macro';
import { isAddress } from '@solana/kit';
import { useSearch } from '@tanstack/react-router';
import { useNow, useSnapshot } from '../../chain/queries.ts';
import { EmptyState, Skeleton } from '../../components/notice.tsx';
import { PageHeader } from '../../components/surface.tsx';
import { useVendors } from '../../gateway/queries.ts';
import { RedeemForm } from './form.tsx';
import { UseVoucher } from './use/use_voucher.tsx';

export default function RedeemPage() {
  const { voucher, vault } = useSearch({ from: '/redeem' });
  const { data: snapshot } = useSnapshot();
  const vendors = useVendors(snapshot);
  const now = useNow();
  if (voucher !== undefined && isAddress(voucher)) {
    return (
      <>
        <PageHeader
          title={<Trans>Use a voucher</Trans>}
          lead={<Trans>A signed voucher becomes an API key that any OpenAI client takes. Try it here first.</Trans>}
        />
        <UseVoucher key={voucher} address={voucher} snapshot={snapshot} vendors={vendors} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={<Trans>Redeem</Trans>}
        lead={
          <Trans>
            Tokens are burned and become a voucher: a claim on one vendor’s compute. What you do not consume comes back as tokens when
            you close it.
          </Trans>
        }
      />
      {snapshot === undefined || vendors === undefined ? (
        <Skeleton lines={12} />
      ) : vendors.length === 0 ? (
        <EmptyState title={<Trans>No vendor has a vault yet</Trans>}>
          <Trans>Tokens are redeemed at a vendor’s vault. There is none yet.</Trans>
        </EmptyState>
      ) : (
        <RedeemForm snapshot={snapshot} vendors={vendors} now={now} startAt={vault} />
      )}
    </>
  );
}
