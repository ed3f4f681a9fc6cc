import { Trans } from '@lingui/react/macro';
import { decodeVault } from '@specie/sdk/generated';
import { useConfig } from '../../chain/context.tsx';
import { healthOf } from '../../chain/views.ts';
import { Amount } from '../../components/amount.tsx';
import { Collateral, Coverage } from '../../components/health.tsx';
import { Fact } from '../../components/surface.tsx';
import type { Preview } from '../../transactions/preview.ts';
import type { OwnProps } from './own.ts';

interface AfterProps extends OwnProps {
  readonly preview: Preview;
}

/** What the vault owes and holds after the simulated transaction, which watches it. */
export function VaultAfter({ preview, vendor, snapshot, now }: AfterProps) {
  const { collateralSymbol } = useConfig();
  const after = preview.changes.find(({ address }) => address === vendor.vault.address)?.after;
  if (after?.exists !== true) return null;
  const vault = decodeVault(after).data;
  const { currency, standard } = snapshot;
  const health = healthOf({ currency: currency.data, standard: standard.data, vault, now });
  return (
    <>
      <Fact label={<Trans>Simulated: it then owes</Trans>}>
        <Amount value={vault.balances.outstanding + vault.balances.open} unit="SCU" />
      </Fact>
      <Fact label={<Trans>and holds</Trans>}>
        <Amount value={vault.balances.collateral} unit={collateralSymbol} />
      </Fact>
      <Fact label={<Trans>Coverage then</Trans>}>
        <Coverage bps={health?.coverageBps} />
      </Fact>
      <Fact label={<Trans>Collateral ratio then</Trans>}>
        <Collateral bps={health?.collateralBps} least={BigInt(currency.data.params.collateralRatio)} held={vault.balances.collateral} />
      </Fact>
    </>
  );
}
