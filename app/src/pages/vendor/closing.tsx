import { Plural, Trans } from '@lingui/react/macro';
import { closeVault } from '@specie/sdk/plans';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import { SOL_DECIMALS } from '../../format/amount.ts';
import type { Plan } from '../../transactions/plan.ts';
import { VendorRefused } from './numbers.tsx';
import { ownVault, type OwnProps } from './own.ts';

interface ClosingProps extends OwnProps {
  readonly onClosed: () => void;
}

/** Closes the vault, once it owes and holds nothing: what that takes, and how far it is. */
export function ClosingCard({ onClosed, ...props }: ClosingProps) {
  const { vendor, snapshot, now } = props;
  const { collateralSymbol } = useConfig();
  const { data: vault, address, lamports } = vendor.vault;
  const { outstanding, open, collateral, withdrawing } = vault.balances;
  const wroteOff = vault.liquidation.writtenOff !== 0n;
  const owesNothing = outstanding + open === 0n && vault.vouchers === 0n;
  const isEmpty = collateral + withdrawing === 0n;
  const plan = async (): Promise<Plan> => {
    const { instructions } = await closeVault({ ...ownVault(props), ...(wroteOff ? { to: snapshot.currency.data.insurance } : {}) });
    return { kind: 'close-vault', details: [{ label: 'vault', value: address }], instructions };
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          <Step label={<Trans>Owed to token holders</Trans>} isDone={outstanding === 0n}>
            <Amount value={outstanding} unit="SCU" />
          </Step>
          <Step label={<Trans>Owed to vouchers</Trans>} isDone={open === 0n}>
            <Amount value={open} unit="SCU" />
          </Step>
          <Step label={<Trans>Vouchers open</Trans>} isDone={vault.vouchers === 0n}>
            {vault.vouchers.toString()}
          </Step>
          {!wroteOff && (
            <Step label={<Trans>Collateral held</Trans>} isDone={isEmpty}>
              <Amount value={collateral + withdrawing} unit={collateralSymbol} />
            </Step>
          )}
        </Facts>
      </Card>
      <Card>
        <div className="space-y-4">
          <p className="text-muted">
            {!owesNothing ? (
              <Trans>
                First what it owes must be gone: serve and settle the vouchers, have what is left of them reclaimed, and buy tokens back to redeem and consume them yourself. End
                the offer, so that no more is sold.
              </Trans>
            ) : !isEmpty && !wroteOff ? (
              <Trans>It owes nothing any more. Ask the collateral back, and take it out after the delay; then the vault can be closed.</Trans>
            ) : wroteOff ? (
              <Trans>A loss of this vault was written off, so what it still holds goes to the currency’s insurance. You get the rent.</Trans>
            ) : (
              <Trans>
                Nothing is owed and nothing is held. Its rent, <Amount value={lamports} decimals={SOL_DECIMALS} unit="SOL" /> and that of its token account, returns to you. You
                may open another vault only with the authority’s signature.
              </Trans>
            )}
          </p>
          <ActionPanel
            id={`close vault ${address} ${outstanding} ${open} ${collateral} ${withdrawing} ${vault.vouchers}`}
            plan={owesNothing && (isEmpty || wroteOff) ? plan : undefined}
            label={<Trans>Close the vault</Trans>}
            danger
            refused={(code) => <VendorRefused code={code} at={vaultSnapshot(snapshot, vendor.vault, now)} />}
            done={<Trans>The chain has confirmed it: the vault is closed.</Trans>}
            onConfirmed={onClosed}
          />
          {vault.vouchers > 0n && (
            <p className="text-small text-muted">
              <Plural
                value={Number(vault.vouchers)}
                one="# voucher stands open on it: see under Serving when it ends, and what can be done about it."
                other="# vouchers stand open on it: see under Serving when they end, and what can be done about them."
              />
            </p>
          )}
        </div>
      </Card>
    </div>
  );
}

function Step({ label, isDone, children }: { readonly label: ReactNode; readonly isDone: boolean; readonly children: ReactNode }) {
  return (
    <Fact label={label}>
      {isDone ? (
        <Tag tone="good">
          <Trans>none</Trans>
        </Tag>
      ) : (
        children
      )}
    </Fact>
  );
}
