import { Trans } from '@lingui/react/macro';
import { isAddress } from '@solana/kit';
import { getCreateAssociatedTokenIdempotentInstruction } from '@solana-program/token';
import { issue, tokenAccountOf } from '@specie/sdk/plans';
import { issueHeadroom, quoteIssue, unitsOf } from '@specie/sdk/quotes';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { backingIn } from '../../chain/snapshot.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import type { Plan } from '../../transactions/plan.ts';
import { VaultAfter } from './after.tsx';
import { VendorRefused } from './numbers.tsx';
import { ownVault, withBalances, type OwnProps } from './own.ts';

/** Issues tokens against the vault, to its vendor or to somebody else. */
export function IssueCard(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { symbol, collateralSymbol } = useConfig();
  const { vault } = vendor;
  const backing = backingIn(snapshot);
  const [text, setText] = useState('');
  const [receiver, setReceiver] = useState('');
  const tokens = parseAmount(text, DECIMALS);
  const to = receiver.trim() === '' ? vault.data.vendor : receiver.trim();
  const isReceiver = isAddress(to);
  const at = vaultSnapshot(snapshot, vault, now);
  const most = issueHeadroom(at);
  const quote = tokens === undefined || tokens === 0n ? undefined : quoteIssue(at, tokens);
  const fee = quote?.ok === true ? quote.value.fee : undefined;
  const maxFee = fee === undefined ? undefined : fee + (fee + 99n) / 100n;
  const asked = withBalances(props, { outstanding: vault.data.balances.outstanding + (tokens === undefined ? 0n : unitsOf(tokens, backing, 'up')) });
  const plan = async (): Promise<Plan> => {
    if (!isAddress(to)) throw new Error('the receiver is no address');
    const own = ownVault(props);
    const { mint } = snapshot.currency.data;
    const account = await tokenAccountOf(to, mint);
    const create = getCreateAssociatedTokenIdempotentInstruction({ payer: own.vendor, ata: account, owner: to, mint });
    const { instructions } = await issue({ ...own, tokens: tokens ?? 0n, maxFee: maxFee ?? 0n, to: account });
    return {
      kind: 'issue',
      details: [
        { label: 'tokens', value: (tokens ?? 0n).toString() },
        { label: 'vault', value: vault.address },
      ],
      instructions: [create, ...instructions],
      watch: [vault.address],
    };
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          <Fact label={<Trans>Can be issued now</Trans>}>
            <Amount value={most.ok ? most.value : 0n} unit={symbol} />
          </Fact>
          <Fact label={<Trans>Limit of what it may owe</Trans>}>
            <Amount value={vault.data.limit} unit="SCU" />
          </Fact>
        </Facts>
        <div className="mt-3 text-muted">
          {most.ok ? (
            <Trans>Within the limit, what the attested capacity covers, what the collateral stands for, and what is left of the vault’s own share of the issue cap.</Trans>
          ) : (
            <VendorRefused code={most.refusal.code} at={withBalances(props, { outstanding: vault.data.balances.outstanding + unitsOf(1n, backing, 'up') })} />
          )}
        </div>
      </Card>
      <Card>
        <div className="space-y-4">
          <AmountField
            label={<Trans>Tokens to issue</Trans>}
            unit={symbol}
            value={text}
            onChange={setText}
            all={most.ok ? most.value : 0n}
            hint={
              fee === undefined ? (
                <Trans>The vault owes an SCU for each from then on. Issuing pays the fee of a sale at the reference price.</Trans>
              ) : (
                <Trans>
                  The vault owes an SCU for each from then on. The fee is <Amount value={fee} unit={collateralSymbol} />, and at most{' '}
                  <Amount value={maxFee ?? fee} unit={collateralSymbol} /> should the price move.
                </Trans>
              )
            }
          />
          <Field
            label={<Trans>To whose wallet</Trans>}
            autoComplete="off"
            spellCheck={false}
            placeholder={vault.data.vendor}
            value={receiver}
            onChange={(event) => setReceiver(event.target.value)}
            error={isReceiver ? undefined : <Trans>That is no address: copy it from the receiver’s wallet.</Trans>}
            hint={<Trans>Yours, if you name nobody. Its token account is created where it is missing, at your cost.</Trans>}
          />
          {quote !== undefined && !quote.ok ? (
            <Notice tone="warn" live>
              <VendorRefused code={quote.refusal.code} at={asked} />
            </Notice>
          ) : null}
          <ActionPanel
            id={`issue ${vault.address} ${text} ${to}`}
            plan={quote?.ok === true && isReceiver ? plan : undefined}
            label={<Trans>Issue</Trans>}
            preview={(preview) => <VaultAfter preview={preview} {...props} />}
            refused={(code) => <VendorRefused code={code} at={asked} />}
            done={<Trans>The chain has confirmed it: the tokens are issued.</Trans>}
            onConfirmed={() => {
              setText('');
              setReceiver('');
            }}
          />
        </div>
      </Card>
    </div>
  );
}
