import { Trans } from '@lingui/react/macro';
import type { StakeAccount } from '@specie/sdk/generated';
import { claim, distribute, stake as stakeTokens, unstake } from '@specie/sdk/plans';
import { quoteDistribution } from '@specie/sdk/quotes';
import { createNoopSigner, type Account, type Address } from '@solana/kit';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { Choice } from '../../components/field.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import type { Plan } from '../../transactions/plan.ts';

interface StakeProps {
  readonly snapshot: Snapshot;
  readonly stake: Account<StakeAccount> | null;
  readonly owner: Address;
}

type Way = 'in' | 'out';

/** Stakes tokens, or takes them back. */
export function StakeCard({ snapshot, stake, owner }: StakeProps) {
  const { symbol } = useConfig();
  const { data: balances } = useBalances(owner);
  const [way, setWay] = useState<Way>('in');
  const [text, setText] = useState('');
  const tokens = parseAmount(text, DECIMALS);
  const staked = stake?.data.staked ?? 0n;
  const most = way === 'in' ? (balances?.tokens ?? 0n) : staked;
  const isTooMuch = tokens !== undefined && tokens > most;
  const isReady = tokens !== undefined && tokens > 0n && !isTooMuch;
  const plan = async (): Promise<Plan> => {
    const input = { currency: snapshot.currency, owner: createNoopSigner(owner), tokens: tokens ?? 0n };
    const { instructions } = await (way === 'in' ? stakeTokens(input) : unstake(input));
    return {
      kind: way === 'in' ? 'stake' : 'unstake',
      details: [{ label: 'tokens', value: input.tokens.toString() }],
      instructions,
    };
  };
  return (
    <Card>
      <div className="space-y-4">
        <Choice<Way>
          label={<Trans>What to do</Trans>}
          value={way}
          onChange={setWay}
          options={[
            { value: 'in', label: <Trans>Stake</Trans> },
            { value: 'out', label: <Trans>Take back</Trans>, disabled: staked === 0n },
          ]}
        />
        <AmountField
          label={<Trans>How much</Trans>}
          unit={symbol}
          value={text}
          onChange={setText}
          most={balances === undefined ? undefined : most}
          all={most}
          hint={
            way === 'in' ? (
              <Trans>
                Your wallet has <Amount value={most} unit={symbol} />
              </Trans>
            ) : (
              <Trans>
                You have <Amount value={most} unit={symbol} /> staked
              </Trans>
            )
          }
        />
        <ActionPanel
          key={way}
          id={`${way} ${tokens ?? ''}`}
          plan={isReady ? plan : undefined}
          label={way === 'in' ? <Trans>Stake</Trans> : <Trans>Take back</Trans>}
          done={way === 'in' ? <Trans>The chain has confirmed it: your stake earns from now on.</Trans> : <Trans>The chain has confirmed it: the tokens are in your wallet.</Trans>}
          onConfirmed={() => setText('')}
        />
      </div>
    </Card>
  );
}

/** What a stake has earned, and taking it out. */
export function ClaimCard({ snapshot, stake, owner, rewards }: StakeProps & { readonly rewards: bigint }) {
  const { symbol, collateralSymbol } = useConfig();
  const isEmpty = stake === null || (rewards === 0n && stake.data.staked > 0n);
  const plan = async (): Promise<Plan> => {
    const { instructions } = await claim({ currency: snapshot.currency, owner: createNoopSigner(owner) });
    return { kind: 'claim', details: [{ label: 'payment', value: rewards.toString() }], instructions };
  };
  return (
    <Card>
      <p className="text-small text-muted">
        <Trans>Earned and not claimed</Trans>
      </p>
      <p className="figures mb-3 text-display text-brass">
        <Amount value={rewards} unit={collateralSymbol} />
      </p>
      <Facts>
        <Fact label={<Trans>Your stake</Trans>}>
          <Amount value={stake?.data.staked ?? 0n} unit={symbol} />
        </Fact>
      </Facts>
      <div className="mt-4">
        <ActionPanel
          id={`claim ${isEmpty}`}
          plan={isEmpty ? undefined : plan}
          label={<Trans>Claim</Trans>}
          done={<Trans>The chain has confirmed it: the rewards are in your wallet.</Trans>}
        />
      </div>
    </Card>
  );
}

/** Splits the fees that have gathered. */
export function DistributeCard({ snapshot, payer, now }: { readonly snapshot: Snapshot; readonly payer: Address; readonly now: bigint }) {
  const { collateralSymbol } = useConfig();
  const quote = quoteDistribution(snapshot.pool.data, snapshot.currency.data.params, snapshot.revenue, now);
  const plan = async (): Promise<Plan> => {
    const { instructions } = await distribute({ currency: snapshot.currency });
    return { kind: 'distribute', details: [{ label: 'payment', value: snapshot.revenue.toString() }], instructions };
  };
  return (
    <Card className="max-w-prose">
      {snapshot.revenue === 0n && (
        <p className="text-muted">
          <Trans>Nothing has gathered since the last time.</Trans>
        </p>
      )}
      {quote.ok && (
        <Facts>
          <Fact label={<Trans>To the stakers’ stream</Trans>}>
            <Amount value={quote.value.toStakers} unit={collateralSymbol} />
          </Fact>
          <Fact label={<Trans>To the insurance</Trans>}>
            <Amount value={quote.value.toInsurance} unit={collateralSymbol} />
          </Fact>
          <Fact label={<Trans>To the treasury</Trans>}>
            <Amount value={quote.value.toTreasury} unit={collateralSymbol} />
          </Fact>
        </Facts>
      )}
      <div className="mt-4">
        <ActionPanel
          id={`distribute ${payer}`}
          plan={snapshot.revenue === 0n ? undefined : plan}
          label={<Trans>Distribute</Trans>}
          done={<Trans>The chain has confirmed it: the fees are distributed.</Trans>}
        />
      </div>
    </Card>
  );
}
