import { Trans } from '@lingui/react/macro';
import { isAddress, type Address as Key } from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstruction } from '@solana-program/token';
import { tokenAccountOf, updateVault } from '@specie/sdk/plans';
import { useState, type ReactNode } from 'react';
import { useBalances } from '../../chain/queries.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import type { Plan } from '../../transactions/plan.ts';
import { ownVault, type OwnProps } from './own.ts';

/** Who acts for the vault, and where sales pay to. */
export function KeysCard(props: OwnProps) {
  const { vendor, snapshot } = props;
  const { data: vault, address } = vendor.vault;
  const { data: purse } = useBalances(vault.vendor);
  const [issuer, setIssuer] = useState<string>(vault.issuer);
  const [operator, setOperator] = useState<string>(vault.operator);
  const [payout, setPayout] = useState<string>(vault.payout);
  const typed = [issuer, operator, payout].map((text) => text.trim());
  const [nextIssuer = '', nextOperator = '', nextPayout = ''] = typed;
  const isValid = typed.every(isAddress);
  const changes = {
    ...(nextIssuer !== vault.issuer && isAddress(nextIssuer) ? { issuer: nextIssuer } : {}),
    ...(nextOperator !== vault.operator && isAddress(nextOperator) ? { operator: nextOperator } : {}),
    ...(nextPayout !== vault.payout && isAddress(nextPayout) ? { payout: nextPayout } : {}),
  };
  const isChanged = Object.keys(changes).length > 0;
  const own = ownVault(props);
  const plan = async (): Promise<Plan> => {
    const { collateralMint } = snapshot.currency.data;
    // The wallet's own account may not exist yet; any other must.
    const creates = changes.payout !== undefined && changes.payout === (await tokenAccountOf(vault.vendor, collateralMint));
    const create = getCreateAssociatedTokenIdempotentInstruction({ payer: own.vendor, ata: changes.payout ?? vault.payout, owner: vault.vendor, mint: collateralMint });
    return {
      kind: 'update-vault',
      details: [{ label: 'vault', value: address }],
      instructions: [...(creates ? [create] : []), ...updateVault({ ...own, ...changes }).instructions],
    };
  };
  const notAKey = <Trans>That is no address: 32 bytes in base58.</Trans>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          <Fact label={<Trans>Vendor: may do everything here</Trans>}>
            <Address value={vault.vendor} />
          </Fact>
          <Fact label={<Trans>Issuer: signs vouchers, off chain</Trans>}>
            <Address value={vault.issuer} />
          </Fact>
          <Fact label={<Trans>Operator: settles, answers, declines</Trans>}>
            <Address value={vault.operator} />
          </Fact>
          <Fact label={<Trans>Payout: what sales pay to</Trans>}>
            <Address value={vault.payout} />
          </Fact>
          <Fact label={<Trans>Vault</Trans>}>
            <Address value={address} />
          </Fact>
        </Facts>
        <p className="mt-3 text-small text-muted">
          <Trans>
            Your gateway needs the issuer’s and the operator’s key alone. With both a thief can spend the operator’s SOL, sign records of usage and decline vouchers; tokens and
            collateral are out of reach. Keep the vendor’s key elsewhere.
          </Trans>
        </p>
      </Card>
      <Card>
        <div className="space-y-4">
          <KeyField label={<Trans>Issuer</Trans>} value={issuer} onChange={setIssuer} error={isAddress(nextIssuer) ? undefined : notAKey} />
          <KeyField label={<Trans>Operator</Trans>} value={operator} onChange={setOperator} error={isAddress(nextOperator) ? undefined : notAKey} />
          <KeyField
            label={<Trans>Payout, an account of the collateral token</Trans>}
            value={payout}
            onChange={setPayout}
            error={isAddress(nextPayout) ? undefined : notAKey}
            after={
              <Button look="quiet" disabled={purse === undefined} onClick={() => setPayout(purse?.collateralAccount ?? payout)}>
                <Trans>Mine</Trans>
              </Button>
            }
          />
          {changes.issuer !== undefined && (
            <Notice tone="warn" live>
              <Trans>
                From then on your gateway serves nothing until it has the new key: name it in the gateway’s configuration and restart it. Vouchers that are open go on under the
                new key.
              </Trans>
            </Notice>
          )}
          {changes.operator !== undefined && (
            <Notice tone="warn" live>
              <Trans>The new operator needs SOL for fees. Until your gateway has its key, nobody settles for you, and challenges go unanswered.</Trans>
            </Notice>
          )}
          <ActionPanel
            id={`keys ${address} ${nextIssuer} ${nextOperator} ${nextPayout}`}
            plan={isValid && isChanged ? plan : undefined}
            label={<Trans>Change these</Trans>}
            done={<Trans>The chain has confirmed it: the vault names these keys.</Trans>}
          />
        </div>
      </Card>
    </div>
  );
}

interface KeyFieldProps {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: ReactNode | undefined;
  readonly hint?: ReactNode;
  readonly after?: ReactNode;
}

/** An input for an address. */
export function KeyField({ onChange, ...rest }: KeyFieldProps) {
  return <Field {...rest} autoComplete="off" spellCheck={false} autoCapitalize="none" onChange={(event) => onChange(event.target.value)} />;
}

/** An address that somebody typed; undefined where it is none. */
export function keyOf(text: string): Key | undefined {
  const typed = text.trim();
  return isAddress(typed) ? typed : undefined;
}
