import { Trans } from '@lingui/react/macro';
import { depositCollateral, requestWithdrawal, withdrawCollateral } from '@specie/sdk/plans';
import { createNoopSigner } from '@solana/kit';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Choice, Field } from '../../components/field.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import type { Plan } from '../../transactions/plan.ts';

interface CollateralProps {
  readonly vendor: Vendor;
  readonly snapshot: Snapshot;
  readonly now: bigint;
}

type Way = 'deposit' | 'request';

/** Deposits collateral, asks for some back, and takes out what has waited long enough. */
export function CollateralCard({ vendor, snapshot, now }: CollateralProps) {
  const { collateralSymbol } = useConfig();
  const { data: vault } = vendor.vault;
  const { data: balances } = useBalances(vault.vendor);
  const [way, setWay] = useState<Way>('deposit');
  const [text, setText] = useState('');
  const amount = parseAmount(text, DECIMALS);
  const own = { currency: snapshot.currency, vault: vendor.vault, vendor: createNoopSigner(vault.vendor) };
  const plan = async (): Promise<Plan> => {
    const input = { ...own, amount: amount ?? 0n };
    const { instructions } = await (way === 'deposit' ? depositCollateral(input) : requestWithdrawal(input));
    return {
      kind: way === 'deposit' ? 'deposit' : 'request-withdrawal',
      details: [{ label: 'payment', value: input.amount.toString() }],
      instructions,
    };
  };
  const isReady = amount !== undefined && (way === 'request' || amount > 0n);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Card>
        <Facts>
          <Fact label={<Trans>Held, and counted</Trans>}>
            <Amount value={vault.balances.collateral} unit={collateralSymbol} />
          </Fact>
          <Fact label={<Trans>Asked back</Trans>}>
            <Amount value={vault.balances.withdrawing} unit={collateralSymbol} />
          </Fact>
          {vault.withdrawalAvailableAt !== 0n && (
            <Fact label={<Trans>Payable</Trans>}>
              <Time at={vault.withdrawalAvailableAt} />
            </Fact>
          )}
          {balances !== undefined && (
            <Fact label={<Trans>In your wallet</Trans>}>
              <Amount value={balances.collateral} unit={collateralSymbol} />
            </Fact>
          )}
        </Facts>
        {vault.withdrawalAvailableAt !== 0n && now >= vault.withdrawalAvailableAt && (
          <div className="mt-4">
            <ActionPanel
              id="withdraw"
              plan={async () => {
                const { instructions } = await withdrawCollateral(own);
                return { kind: 'withdraw', details: [{ label: 'payment', value: vault.balances.withdrawing.toString() }], instructions };
              }}
              label={<Trans>Take it out</Trans>}
              done={<Trans>The chain has confirmed it: the collateral is in your wallet.</Trans>}
            />
          </div>
        )}
      </Card>
      <Card>
        <div className="space-y-4">
          <Choice<Way>
            label={<Trans>What to do</Trans>}
            value={way}
            onChange={setWay}
            options={[
              { value: 'deposit', label: <Trans>Deposit</Trans> },
              { value: 'request', label: <Trans>Ask back</Trans> },
            ]}
          />
          <Field
            label={<Trans>How much</Trans>}
            inputMode="decimal"
            value={text}
            onChange={(event) => setText(event.target.value)}
            after={<span className="pr-2 text-muted">{collateralSymbol}</span>}
            hint={
              way === 'request' ? (
                <Trans>It stops counting at once, stays within reach of claims, and is payable after the delay. 0 takes a request back.</Trans>
              ) : (
                <Trans>It counts as soon as the chain has confirmed it.</Trans>
              )
            }
            error={text !== '' && amount === undefined ? <Trans>Name an amount with at most 6 digits after the point.</Trans> : undefined}
          />
          <ActionPanel
            key={way}
            id={`${way} ${text}`}
            plan={isReady ? plan : undefined}
            label={way === 'deposit' ? <Trans>Deposit</Trans> : <Trans>Ask back</Trans>}
            done={way === 'deposit' ? <Trans>The chain has confirmed the deposit.</Trans> : <Trans>The chain has confirmed the request.</Trans>}
          />
        </div>
      </Card>
    </div>
  );
}
