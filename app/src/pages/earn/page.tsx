import { Trans, useLingui } from '@lingui/react/macro';
import { rewardsOf } from '@specie/sdk/quotes';
import { useConfig } from '../../chain/context.tsx';
import { useNow, useSnapshot, useStake } from '../../chain/queries.ts';
import { Amount } from '../../components/amount.tsx';
import { EmptyState, Skeleton, TrustNotice, UnauditedNotice } from '../../components/notice.tsx';
import { Figure, Figures, PageHeader, Section } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { formatBps } from '../../format/amount.ts';
import { useWallet } from '../../wallet/context.tsx';
import { WalletButton } from '../../wallet/wallet_button.tsx';
import { ClaimCard, DistributeCard, StakeCard } from './cards.tsx';

export default function EarnPage() {
  const { i18n } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const { address } = useWallet();
  const { data: snapshot } = useSnapshot();
  const { data: stake } = useStake(address);
  const now = useNow();
  const header = (
    <PageHeader
      title={<Trans>Earn</Trans>}
      lead={
        <Trans>
          Stake {symbol} for a part of the fees that buyers pay. What you staked comes back whenever you want; what it earned waits until you claim it.
        </Trans>
      }
    />
  );
  if (snapshot === undefined) {
    return (
      <>
        {header}
        <Skeleton lines={12} />
      </>
    );
  }
  const { data: pool } = snapshot.pool;
  const { params } = snapshot.currency.data;
  const rewards = stake == null ? undefined : rewardsOf(stake.data, pool, now);
  return (
    <>
      {header}
      <div className="mb-10">
        <Figures>
          <Figure label={<Trans>Staked by all</Trans>}>
            <Amount value={pool.staked} unit={symbol} />
          </Figure>
          <Figure
            label={<Trans>Being released to stakers</Trans>}
            note={pool.streaming === 0n ? undefined : <Trans>ends <Time at={pool.streamsUntil} /></Trans>}
          >
            <Amount value={pool.streaming} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>Fees not distributed yet</Trans>}>
            <Amount value={snapshot.revenue} unit={collateralSymbol} />
          </Figure>
          <Figure label={<Trans>Stakers’ part of the fees</Trans>} note={<Trans>{formatBps(BigInt(params.insuranceShare), i18n.locale)} insurance, {formatBps(BigInt(params.treasuryShare), i18n.locale)} treasury</Trans>}>
            {formatBps(BigInt(params.stakersShare), i18n.locale)}
          </Figure>
        </Figures>
      </div>
      {address === undefined ? (
        <EmptyState title={<Trans>Whose stake?</Trans>} action={<WalletButton />}>
          <Trans>Connect the wallet that holds your tokens. Fees are paid in {collateralSymbol}, released by the second over seven days.</Trans>
        </EmptyState>
      ) : stake === undefined ? (
        <Skeleton lines={8} />
      ) : (
        <div className="mb-10 grid items-start gap-5 md:grid-cols-2">
          <StakeCard snapshot={snapshot} stake={stake} owner={address} />
          <ClaimCard snapshot={snapshot} stake={stake} owner={address} rewards={rewards?.ok === true ? rewards.value : 0n} />
        </div>
      )}
      {address !== undefined && (
        <Section
          title={<Trans>Distribute the fees</Trans>}
          note={<Trans>Anybody may. It moves what has gathered to the stakers’ stream, the insurance and the treasury, by the shares above.</Trans>}
        >
          <DistributeCard snapshot={snapshot} payer={address} now={now} />
        </Section>
      )}
      <div className="space-y-4">
        <TrustNotice>
          <p>
            <Trans>
              Staked tokens stay tokens: if a vendor defaults and a loss is written off, they lose like all others. What stakers earn depends on what
              others buy; nothing is promised.
            </Trans>
          </p>
        </TrustNotice>
        <UnauditedNotice />
      </div>
    </>
  );
}
