import { Trans } from '@lingui/react/macro';
import type { Address } from '@solana/kit';
import { remainingUnits } from '@specie/sdk/quotes';
import { Link } from '@tanstack/react-router';
import { useVoucher } from '../../../chain/queries.ts';
import type { Snapshot } from '../../../chain/snapshot.ts';
import { Amount } from '../../../components/amount.tsx';
import { Address as ShownAddress } from '../../../components/address.tsx';
import { EmptyState, Notice, Skeleton } from '../../../components/notice.tsx';
import { Figure, Figures, Section } from '../../../components/surface.tsx';
import { Time } from '../../../components/time.tsx';
import { GatewayTag, VendorName } from '../../../components/vendor_name.tsx';
import type { Vendor } from '../../../gateway/queries.ts';
import { useSessions } from '../../../sessions/store.ts';
import { KeyCopy } from './key_copy.tsx';
import { Recover } from './recover.tsx';
import { SessionPanel } from './session_panel.tsx';

interface UseVoucherProps {
  readonly address: Address;
  readonly snapshot: Snapshot | undefined;
  readonly vendors: readonly Vendor[] | undefined;
}

/** A voucher with its session key: a session at the vendor's gateway, and a small chat. */
export function UseVoucher({ address, snapshot, vendors }: UseVoucherProps) {
  const { data: voucher } = useVoucher(address);
  const { data: sessions } = useSessions();
  if (voucher === undefined || sessions === undefined || snapshot === undefined || vendors === undefined) return <Skeleton lines={10} />;
  if (voucher === null) {
    return (
      <EmptyState
        title={<Trans>This voucher has ended</Trans>}
        action={
          <Link to="/redeem" className="underline">
            <Trans>Redeem another</Trans>
          </Link>
        }
      >
        <Trans>It was consumed to the end or reclaimed, and its account is gone. What was left of it came back as tokens.</Trans>
      </EmptyState>
    );
  }
  const vendor = vendors.find(({ vault }) => vault.address === voucher.data.vault);
  const record = sessions.find((session) => session.voucher === address);
  return (
    <>
      <div className="mb-8">
        <Figures>
          <Figure label={<Trans>Left, as settled on chain</Trans>}>
            <Amount value={remainingUnits(voucher.data)} unit="SCU" />
          </Figure>
          <Figure label={<Trans>Vendor</Trans>} note={vendor === undefined ? undefined : <GatewayTag gateway={vendor.gateway} />}>
            {vendor === undefined ? '—' : <VendorName vendor={vendor} />}
          </Figure>
          <Figure label={<Trans>Ends by itself</Trans>}>
            <Time at={voucher.data.expiresAt} />
          </Figure>
          <Figure label={<Trans>Voucher</Trans>}>
            <ShownAddress value={address} />
          </Figure>
        </Figures>
      </div>
      {record === undefined ? (
        <Recover voucher={voucher} />
      ) : (
        <>
          {vendor?.gateway.state === 'own' ? (
            <SessionPanel vendor={vendor} gateway={vendor.gateway} voucher={voucher} record={record} snapshot={snapshot} />
          ) : (
            <div className="mb-10">
              <Notice tone="warn" title={<Trans>The vendor’s gateway is not in reach</Trans>}>
                <Trans>
                  Your voucher stands on chain all the same. Try again later; a vendor that stays silent can be challenged from Vouchers, and pays if
                  it does not answer.
                </Trans>
              </Notice>
            </div>
          )}
          <Section title={<Trans>The session key</Trans>}>
            <KeyCopy record={record} />
          </Section>
        </>
      )}
    </>
  );
}
