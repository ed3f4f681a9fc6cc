import type { Backing } from '@specie/sdk/generated';
import { Trans, useLingui } from '@lingui/react/macro';
import { Foreign } from '../../components/foreign.tsx';
import { Card, Tag } from '../../components/surface.tsx';
import { GatewayTag, VendorName } from '../../components/vendor_name.tsx';
import type { Vendor } from '../../gateway/queries.ts';
import { formatAmount } from '../../format/amount.ts';
import { formatDuration } from '../../format/time.ts';
import { worthOfCoin, type Worth } from './worth.ts';

/** What one coin buys at each vendor, in its own tariffs. */
export function WorthTable({ vendors, backing }: { readonly vendors: readonly Vendor[]; readonly backing: Backing }) {
  return (
    <div className="grid gap-4">
      {vendors.map((vendor) => (
        <Card key={vendor.vault.address}>
          <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
            <h3 className="min-w-0 font-bold">
              <VendorName vendor={vendor} />
            </h3>
            <GatewayTag gateway={vendor.gateway} />
          </div>
          {vendor.gateway.state === 'own' ? (
            <WorthList worth={worthOfCoin(vendor.gateway.offer, backing)} />
          ) : (
            <p className="text-muted">
              <Trans>Its tariffs are not known here, so neither is what a coin buys. On chain it owes an SCU for each all the same.</Trans>
            </p>
          )}
        </Card>
      ))}
    </div>
  );
}

function WorthList({ worth }: { readonly worth: readonly Worth[] }) {
  const { i18n } = useLingui();
  return (
    <ul className="divide-y divide-line">
      {worth.map(({ id, kind, amount }) => (
        <li key={`${id} ${kind}`} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
          <span>
            <Foreign code>{id}</Foreign>{' '}
            <Tag tone={kind === 'seconds' ? 'coin' : 'plain'}>
              {kind === 'input' && <Trans>tokens read</Trans>}
              {kind === 'output' && <Trans>tokens written</Trans>}
              {kind === 'seconds' && <Trans>one accelerator</Trans>}
            </Tag>
          </span>
          <span className="figures text-title">
            {kind === 'seconds' ? formatDuration(Number(amount), i18n.locale) : formatAmount(amount, 0, i18n.locale)}
          </span>
        </li>
      ))}
      {!worth.some(({ kind }) => kind === 'seconds') && (
        <li className="py-2 text-muted">
          <Trans>Hours of an accelerator: the vendor leases none.</Trans>
        </li>
      )}
    </ul>
  );
}
