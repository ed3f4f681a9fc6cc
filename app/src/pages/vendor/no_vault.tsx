import { Trans, useLingui } from '@lingui/react/macro';
import type { Snapshot } from '../../chain/snapshot.ts';
import { CodeBlock } from '../../components/code.tsx';
import { EmptyState } from '../../components/notice.tsx';
import { Card } from '../../components/surface.tsx';

/** How a wallet comes to be a vendor. */
export function NoVault({ snapshot }: { readonly snapshot: Snapshot }) {
  const { t } = useLingui();
  const command = [
    'specie vault open -k vendor.json \\',
    '  --authority authority.json \\',
    `  --currency ${snapshot.currency.address} \\`,
    '  --issuer issuer.json --operator operator.json \\',
    '  --class inference --limit 10000',
  ].join('\n');
  return (
    <>
      <EmptyState title={<Trans>This wallet is no vendor here</Trans>}>
        <Trans>
          The currency’s authority admits vendors. Once it has, everything else is done on this page: collateral, offer, keys, and what is served.
        </Trans>
      </EmptyState>
      <Card className="mt-7">
        <h2 className="mb-3 text-title font-bold">
          <Trans>How a vault comes to be</Trans>
        </h2>
        <ol className="list-decimal space-y-3 pl-5">
          <li>
            <Trans>Open it. Your key and the authority’s sign the same transaction, so it is sent from the command line:</Trans>
            <div className="mt-2">
              <CodeBlock text={command} label={t`The command that opens a vault`} />
            </div>
          </li>
          <li>
            <Trans>Have the attestors measure your hardware. What they sign counts after a delay, in which any of them can veto it.</Trans>
          </li>
          <li>
            <Trans>Deposit collateral here: it stands for what the vault will owe.</Trans>
          </li>
          <li>
            <Trans>Start your gateway with the issuer’s and the operator’s key, and have it listed on this page.</Trans>
          </li>
          <li>
            <Trans>Make an offer, or issue tokens to yourself.</Trans>
          </li>
        </ol>
      </Card>
    </>
  );
}
