import { Trans, useLingui } from '@lingui/react/macro';
import { capacityCurve, workOf } from '@specie/sdk/quotes';
import { useConfig } from '../../chain/context.tsx';
import type { Snapshot } from '../../chain/snapshot.ts';
import { healthOf, vaultSnapshot } from '../../chain/views.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Curve } from '../../components/curve.tsx';
import { Collateral, Coverage } from '../../components/health.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { vendorLabel, VendorName } from '../../components/vendor_name.tsx';
import { formatRelative } from '../../format/time.ts';
import type { Vendor } from '../../gateway/queries.ts';
import { Evidence } from './evidence.tsx';

/** How many points a curve of decay is drawn from. */
const POINTS = 48n;

interface VaultCardProps {
  readonly vendor: Vendor;
  readonly snapshot: Snapshot;
  readonly now: bigint;
}

export function VaultCard({ vendor, snapshot, now }: VaultCardProps) {
  const { t, i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const { data: vault } = vendor.vault;
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  const health = healthOf(at);
  const { params } = snapshot.currency.data;
  const ends = vault.attested.endsAt > vault.pending.attestation.endsAt ? vault.attested.endsAt : vault.pending.attestation.endsAt;
  const end = ends > now ? ends : now + 86_400n;
  const times = Array.from({ length: Number(POINTS) + 1 }, (_, index) => now + ((end - now) * BigInt(index)) / POINTS);
  const curve = capacityCurve(at, times);
  const name = vendorLabel(vendor);
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="min-w-0 text-title font-bold">
          <VendorName vendor={vendor} />
        </h3>
        <VaultState vault={vault} />
      </div>
      <Curve
        label={t`Capacity of ${name} until its pledge ends, and what it owes`}
        points={times.map((time, index) => ({ at: Number(time), value: Number(curve[index] ?? 0n) }))}
        level={health === undefined ? undefined : Number(health.owedWork)}
        start={t`now`}
        end={formatRelative(Number(end - now), i18n)}
      />
      <div className="mt-4 grid grid-cols-2 gap-4">
        <div>
          <p className="text-small text-muted">
            <Trans>Coverage</Trans>
          </p>
          <Coverage bps={health?.coverageBps} />
        </div>
        <div>
          <p className="text-small text-muted">
            <Trans>Collateral</Trans>
          </p>
          <Collateral bps={health?.collateralBps} least={BigInt(params.collateralRatio)} held={vault.balances.collateral} />
        </div>
      </div>
      <div className="mt-3">
        <Facts>
          <Fact label={<Trans>Owed to holders of tokens</Trans>}>
            <Amount value={vault.balances.outstanding} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Owed to vouchers</Trans>}>
            <Amount value={vault.balances.open} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Served since the beginning</Trans>}>
            <Amount value={vault.balances.delivered} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Work that it owes</Trans>}>
            <Amount value={health?.owedWork ?? workOf(vault.balances.outstanding, snapshot.standard.data.workPerScu)} decimals={0} unit="TFLOP" />
          </Fact>
          <Fact label={<Trans>Collateral held</Trans>}>
            <Amount value={vault.balances.collateral} unit={collateralSymbol} />
          </Fact>
          {vault.balances.withdrawing > 0n && (
            <Fact label={<Trans>beside it, asked back and payable</Trans>}>
              <Amount value={vault.balances.withdrawing} unit={collateralSymbol} /> · <Time at={vault.withdrawalAvailableAt} />
            </Fact>
          )}
          <Fact label={<Trans>May owe at most</Trans>}>
            <Amount value={vault.limit} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Vault</Trans>}>
            <Address value={vendor.vault.address} />
          </Fact>
        </Facts>
      </div>
      <Evidence vendor={vendor} ttl={params.attestationTtl} now={now} />
    </Card>
  );
}

function VaultState({ vault }: { readonly vault: Vendor['vault']['data'] }) {
  if (vault.status === 2) {
    return (
      <Tag tone="bad">
        <Trans>defaulted</Trans>
      </Tag>
    );
  }
  if (vault.marginCalledAt !== 0n) {
    return (
      <Tag long tone="bad">
        <Trans>margin called</Trans> <Time at={vault.marginCalledAt} />
      </Tag>
    );
  }
  if (vault.penalty !== 0n) {
    return (
      <Tag tone="bad">
        <Trans>owes a penalty</Trans>
      </Tag>
    );
  }
  if (vault.status === 1) {
    return (
      <Tag tone="warn">
        <Trans>suspended</Trans>
      </Tag>
    );
  }
  return (
    <Tag tone="good">
      <Trans>active</Trans>
    </Tag>
  );
}
