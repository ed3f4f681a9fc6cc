import { Trans } from '@lingui/react/macro';
import { useState } from 'react';

import { useNow, useSnapshot } from '../../chain/queries.ts';
import { EmptyState, Notice, Skeleton } from '../../components/notice.tsx';
import { PageHeader } from '../../components/surface.tsx';
import { useVendors } from '../../gateway/queries.ts';
import { useWallet } from '../../wallet/context.tsx';
import { WalletButton } from '../../wallet/wallet_button.tsx';
import { TakeOver } from './hand_over.tsx';
import { NoVault } from './no_vault.tsx';
import { rolesOf } from './own.ts';
import { VaultOf } from './vault.tsx';

/** What was just done that left nothing behind to say so. */
type Said = 'closed' | 'taken';

export default function VendorPage() {
  const { address } = useWallet();
  const now = useNow();
  const { data: snapshot } = useSnapshot();
  const vendors = useVendors(snapshot);
  const [said, setSaid] = useState<Said | undefined>();
  const own =
    address === undefined
      ? undefined
      : vendors
          ?.map((vendor) => ({ vendor, roles: rolesOf(vendor.vault.data, address) }))
          .filter(({ roles }) => roles.isVendor || roles.isHeir || roles.isOperator);
  return (
    <>
      <PageHeader
        title={<Trans>Vendor</Trans>}
        lead={<Trans>Your vault: what it owes, what stands behind it, and at what price it sells.</Trans>}
      />
      {said !== undefined && (
        <div className="mb-7">
          <Notice tone="good" live>
            {said === 'closed' ? (
              <Trans>The chain has confirmed it: the vault is closed, and its rent is in your wallet.</Trans>
            ) : (
              <Trans>The chain has confirmed it: the vault is yours. Look at its keys first.</Trans>
            )}
          </Notice>
        </div>
      )}
      {address === undefined ? (
        <EmptyState title={<Trans>Whose vault?</Trans>} action={<WalletButton />}>
          <Trans>Connect the wallet that is the vendor of a vault, or its operator.</Trans>
        </EmptyState>
      ) : snapshot === undefined || own === undefined ? (
        <Skeleton lines={14} />
      ) : own.length === 0 ? (
        <NoVault snapshot={snapshot} />
      ) : (
        own.map(({ vendor, roles }) =>
          roles.isHeir ? (
            <TakeOver key={vendor.vault.address} vendor={vendor} snapshot={snapshot} now={now} heir={address} onTaken={() => setSaid('taken')} />
          ) : (
            <VaultOf key={vendor.vault.address} vendor={vendor} snapshot={snapshot} now={now} roles={roles} onClosed={() => setSaid('closed')} />
          ),
        )
      )}
    </>
  );
}
