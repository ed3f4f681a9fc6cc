import { Trans } from '@lingui/react/macro';
import { CodeBlock } from '../../components/code.tsx';
import { useChain } from '../../chain/context.tsx';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Address } from '../../components/address.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';

/** The accounts that this page is reckoned from, and the commands that read the same ones. */
export function Sources({ snapshot }: { readonly snapshot: Snapshot }) {
  const { client, config } = useChain();
  const { currency, standard, quorum, pool, vaults } = snapshot;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 md:grid-cols-2">
      <Card>
        <p className="mb-2 font-medium">
          <Trans>Read at slot {snapshot.slot.toString()}</Trans>
        </p>
        <Facts>
          <Fact label={<Trans>Currency</Trans>}>
            <Address value={currency.address} />
          </Fact>
          <Fact label={<Trans>Mint</Trans>}>
            <Address value={currency.data.mint} />
          </Fact>
          <Fact label={<Trans>Standard</Trans>}>
            <Address value={standard.address} />
          </Fact>
          <Fact label={<Trans>Quorum</Trans>}>
            <Address value={quorum.address} />
          </Fact>
          <Fact label={<Trans>Staking pool</Trans>}>
            <Address value={pool.address} />
          </Fact>
          <Fact label={<Trans>Revenue</Trans>}>
            <Address value={currency.data.revenue} />
          </Fact>
          <Fact label={<Trans>Insurance</Trans>}>
            <Address value={currency.data.insurance} />
          </Fact>
          {vaults.map((vault) => (
            <Fact key={vault.address} label={<Trans>Vault and its collateral</Trans>}>
              <Address value={vault.address} /> · <Address value={vault.data.collateralAccount} />
            </Fact>
          ))}
        </Facts>
      </Card>
      <Card>
        <p className="mb-3 text-muted">
          <Trans>The command line reads the same accounts through a node of your choice:</Trans>
        </p>
        <CodeBlock
          text={[
            `specie --url ${client.urls[0] ?? ''} currency show ${config.mint}`,
            `specie --url ${client.urls[0] ?? ''} vault list --currency ${config.mint}`,
          ].join('\n')}
        />
      </Card>
    </div>
  );
}
