import { Trans } from '@lingui/react/macro';
import { address as addressOf, createNoopSigner, type Address as Key } from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstruction } from '@solana-program/token';
import { tokenAccountOf, updateVault } from '@specie/sdk/plans';
import { useState } from 'react';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { VendorName } from '../../components/vendor_name.tsx';
import { useConfig } from '../../chain/context.tsx';
import type { Plan } from '../../transactions/plan.ts';
import { KeyField, keyOf } from './keys.tsx';
import { ownVault, type OwnProps } from './own.ts';

/** What stands for nobody on chain. */
const NOBODY = addressOf('11111111111111111111111111111111');

/** Hands the vault to another key, in two steps: it is named here, and takes the vault over itself. */
export function HandOverCard(props: OwnProps) {
  const { data: vault, address } = props.vendor.vault;
  const [text, setText] = useState('');
  const heir = keyOf(text);
  const isOwn = heir === vault.vendor;
  const isPending = vault.pendingVendor !== NOBODY && vault.pendingVendor !== vault.vendor;
  const planTo = (nextVendor: Key) => (): Plan => ({
    kind: 'hand-over',
    details: [
      { label: 'vault', value: address },
      { label: 'vendor', value: nextVendor },
    ],
    instructions: updateVault({ ...ownVault(props), nextVendor }).instructions,
  });
  return (
    <Card>
      {isPending ? (
        <div className="space-y-4">
          <Facts>
            <Fact label={<Trans>Being handed to</Trans>}>
              <Address value={vault.pendingVendor} />
            </Fact>
          </Facts>
          <p className="text-muted">
            <Trans>It takes the vault over from its own wallet, on this page. Until then the vault is yours, and you can take this back.</Trans>
          </p>
          <ActionPanel
            id={`keep ${address}`}
            plan={planTo(vault.vendor)}
            label={<Trans>Keep the vault</Trans>}
            done={<Trans>The chain has confirmed it: the vault stays yours.</Trans>}
          />
        </div>
      ) : (
        <div className="space-y-4">
          <KeyField
            label={<Trans>The next vendor’s address</Trans>}
            value={text}
            onChange={setText}
            error={
              text !== '' && heir === undefined ? (
                <Trans>That is no address: 32 bytes in base58.</Trans>
              ) : isOwn ? (
                <Trans>That is your own address: name the key that is to take over.</Trans>
              ) : undefined
            }
            hint={<Trans>Nothing passes until that key signs for it itself, so a mistyped address cannot lose the vault.</Trans>}
          />
          <ActionPanel
            id={`hand over ${address} ${text}`}
            plan={heir === undefined || isOwn ? undefined : planTo(heir)}
            label={<Trans>Hand the vault over</Trans>}
            danger
            done={<Trans>The chain has confirmed it. The next vendor takes the vault over from its own wallet.</Trans>}
            onConfirmed={() => setText('')}
          />
        </div>
      )}
    </Card>
  );
}

interface TakeOverProps extends OwnProps {
  readonly heir: Key;
  readonly onTaken: () => void;
}

/** Takes over a vault that is being handed to the wallet. */
export function TakeOver({ heir, onTaken, ...props }: TakeOverProps) {
  const { vendor, snapshot } = props;
  const { collateralSymbol } = useConfig();
  const { data: vault, address } = vendor.vault;
  const { balances } = vault;
  const plan = async (): Promise<Plan> => {
    const { collateralMint } = snapshot.currency.data;
    const signer = createNoopSigner(heir);
    const payout = await tokenAccountOf(heir, collateralMint);
    const create = getCreateAssociatedTokenIdempotentInstruction({ payer: signer, ata: payout, owner: heir, mint: collateralMint });
    return {
      kind: 'take-over',
      details: [{ label: 'vault', value: address }],
      instructions: [create, ...updateVault({ ...ownVault(props), vendor: signer, payout }).instructions],
    };
  };
  return (
    <Card className="mb-10">
      <h2 className="text-title font-bold">
        <Trans>
          <VendorName vendor={vendor} /> is being handed to you
        </Trans>
      </h2>
      <Facts>
        <Fact label={<Trans>It owes</Trans>}>
          <Amount value={balances.outstanding + balances.open} unit="SCU" />
        </Fact>
        <Fact label={<Trans>It holds</Trans>}>
          <Amount value={balances.collateral + balances.withdrawing} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>By</Trans>}>
          <Address value={vault.vendor} />
        </Fact>
      </Facts>
      <div className="mt-4 space-y-4">
        <Notice tone="warn">
          <Trans>You take over what it owes with what it holds. Sales then pay to your wallet; issuer and operator stay, until you change them here.</Trans>
        </Notice>
        <ActionPanel
          id={`take over ${address}`}
          plan={plan}
          label={<Trans>Take the vault over</Trans>}
          done={<Trans>The chain has confirmed it: the vault is yours.</Trans>}
          onConfirmed={onTaken}
        />
      </div>
    </Card>
  );
}
