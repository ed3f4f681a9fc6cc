import { Trans, useLingui } from '@lingui/react/macro';
import { callMargin, defaultVault } from '@specie/sdk/plans';
import { attestedWork, owedWork, withPendingPromoted } from '@specie/sdk/quotes';
import { useState, type ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useHistory } from '../../chain/queries.ts';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Curve } from '../../components/curve.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { formatBps } from '../../format/amount.ts';
import { formatDuration, formatRelative } from '../../format/time.ts';
import { MarginEvents } from './margin_events.tsx';
import { ratios } from './margin_history.ts';
import { VendorRefused } from './numbers.tsx';
import type { OwnProps } from './own.ts';

/** Capacity against what is owed, and what anybody may do about a shortfall. */
export function MarginCard(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const { params } = snapshot.currency.data;
  const { data: vault, address } = vendor.vault;
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  const promoted = withPendingPromoted(vault, now);
  const capacity = attestedWork(promoted.attested, params.attestationTtl, now);
  const owed = owedWork(promoted, snapshot.standard.data.workPerScu);
  const isCalled = vault.marginCalledAt !== 0n;
  const owesPenalty = vault.penalty !== 0n;
  const isShort = owed > capacity || owesPenalty;
  const isDefaulted = vault.status === 2;
  const cureEnds = vault.marginCalledAt + BigInt(params.curePeriod);
  // The panel leaves with what it was for; what became of it stays.
  const [said, setSaid] = useState<ReactNode>();
  const details = [{ label: 'vault', value: address }] as const;
  return (
    <Card>
      <Facts>
        <Fact label={<Trans>Capacity still delivers</Trans>}>
          <Amount value={capacity} decimals={0} unit="TFLOP" />
        </Fact>
        <Fact label={<Trans>What is owed takes</Trans>}>
          <Amount value={owed} decimals={0} unit="TFLOP" />
        </Fact>
        <Fact label={owed > capacity ? <Trans>Short by</Trans> : <Trans>To spare</Trans>}>
          <Amount value={owed > capacity ? owed - capacity : capacity - owed} decimals={0} unit="TFLOP" />
        </Fact>
        {owesPenalty && (
          <Fact label={<Trans>Penalty owed to the insurance</Trans>}>
            <Amount value={vault.penalty} unit={collateralSymbol} />
          </Fact>
        )}
        {isCalled && (
          <Fact label={<Trans>Time to cure ends, at the earliest</Trans>}>
            <Time at={cureEnds} />
          </Fact>
        )}
      </Facts>
      {isDefaulted ? (
        <p className="mt-3 text-muted">
          <Trans>The vault has defaulted. Anybody may have it assessed anew once its liquidation is over.</Trans>
        </p>
      ) : !isCalled && !isShort ? (
        <p className="mt-3 text-muted">
          <Trans>
            If capacity falls short, anybody can call the margin: the vault then neither issues nor withdraws, and has {formatDuration(params.curePeriod, i18n.locale)} to cure, counted
            while the attestors are at work.
          </Trans>
        </p>
      ) : null}
      {said !== undefined && isCalled === isShort && (
        <div className="mt-4">
          <Notice tone="good" live>
            {said}
          </Notice>
        </div>
      )}
      {!isDefaulted && isCalled !== isShort && (
        <div className="mt-4 space-y-4">
          <Notice tone={isCalled ? 'good' : 'warn'}>
            {isCalled ? (
              <Trans>Capacity covers what is owed again. Have the call cleared: the vault then issues and withdraws as before.</Trans>
            ) : (
              <Trans>Anybody can call the margin now. Have more capacity attested, or serve what is owed, before somebody does.</Trans>
            )}
          </Notice>
          <ActionPanel
            id={`margin ${address} ${isCalled}`}
            plan={async () => ({ kind: 'call-margin', details, instructions: (await callMargin({ currency: snapshot.currency, vault: vendor.vault })).instructions })}
            label={isCalled ? <Trans>Clear the margin call</Trans> : <Trans>Call the margin</Trans>}
            danger={!isCalled}
            refused={(code) => <VendorRefused code={code} at={at} />}
            done={null}
            onConfirmed={() =>
              setSaid(isCalled ? <Trans>The chain has confirmed it: the margin call is cleared.</Trans> : <Trans>The chain has confirmed it: the margin is called.</Trans>)
            }
          />
        </div>
      )}
      {(isDefaulted || (isCalled && isShort && now >= cureEnds)) && (
        <div className="mt-4 space-y-4">
          {!isDefaulted && (
            <Notice tone="bad">
              <Trans>The time to cure is over: anybody may have the vault default. What collateral and insurance cannot buy back is then written off for every holder.</Trans>
            </Notice>
          )}
          <ActionPanel
            id={`default ${address} ${vault.status}`}
            plan={async () => ({ kind: 'default-vault', details, instructions: (await defaultVault({ currency: snapshot.currency, vault: vendor.vault })).instructions })}
            label={isDefaulted ? <Trans>Assess the default anew</Trans> : <Trans>Have the vault default</Trans>}
            danger
            done={<Trans>The chain has confirmed it: the vault is in default.</Trans>}
          />
        </div>
      )}
    </Card>
  );
}

/** The collateral ratio over time, and what decided about the vault's margin. */
export function MarginHistory({ events, ...props }: OwnProps & { readonly events: readonly VaultEvent[] }) {
  const { snapshot, now } = props;
  const { t, i18n } = useLingui();
  const { data: history } = useHistory(snapshot);
  const least = BigInt(snapshot.currency.data.params.collateralRatio);
  const points = ratios(events, history?.prices ?? []);
  const [first, last] = [points[0], points.at(-1)];
  const owesNow = props.vendor.vault.data.balances.outstanding + props.vendor.vault.data.balances.open > 0n;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      {first !== undefined && last !== undefined && points.length > 1 && (
        <Card>
          <h3 className="mb-3 font-bold">
            <Trans>Collateral for what was owed</Trans>
          </h3>
          <Curve
            stepped
            label={t`Collateral for what was owed, from ${formatBps(first.bps, i18n.locale)} to ${formatBps(last.bps, i18n.locale)}`}
            points={[...points, ...(owesNow && now > last.at ? [{ ...last, at: now }] : [])].map(({ at, bps }) => ({ at: Number(at), value: Number(bps) }))}
            level={Number(least)}
            start={formatRelative(Number(first.at - now), i18n)}
            end={owesNow ? t`now` : formatRelative(Number(last.at - now), i18n)}
          />
          <p className="mt-3 text-small text-muted">
            <Trans>
              Lowest {formatBps(points.reduce((low, { bps }) => (bps < low ? bps : low), first.bps), i18n.locale)}, last {formatBps(last.bps, i18n.locale)}. Below the dashed line,{' '}
              {formatBps(least, i18n.locale)}, the vault may not issue.
            </Trans>
          </p>
        </Card>
      )}
      <MarginEvents events={events} />
    </div>
  );
}
