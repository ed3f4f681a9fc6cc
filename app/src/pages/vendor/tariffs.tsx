import { Trans, useLingui } from '@lingui/react/macro';
import { Amount } from '../../components/amount.tsx';
import { Notice } from '../../components/notice.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { formatAmount } from '../../format/amount.ts';
import type { ModelOffer } from '@specie/sdk/gateway';
import type { Vendor } from '../../gateway/queries.ts';

/** What the vendor's gateway asks for each model. */
export function Tariffs({ vendor }: { readonly vendor: Vendor }) {
  const { i18n } = useLingui();
  if (vendor.gateway.state !== 'own') {
    return (
      <Notice tone="warn">
        <Trans>Your gateway is not in reach from here, so buyers do not see its tariffs either. Name it to whoever hosts this page.</Trans>
      </Notice>
    );
  }
  const columns: readonly Column<ModelOffer>[] = [
    { id: 'model', header: <Trans>Model</Trans>, cell: ({ id }) => <span className="font-code text-small">{id}</span> },
    { id: 'input', header: <Trans>1,000 tokens read</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.inputUnitsPer1000} unit="SCU" /> },
    { id: 'output', header: <Trans>1,000 tokens written</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.outputUnitsPer1000} unit="SCU" /> },
    { id: 'second', header: <Trans>A second</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.unitsPerSecond} unit="SCU" /> },
    { id: 'context', header: <Trans>Context</Trans>, numeric: true, cell: ({ contextTokens }) => formatAmount(BigInt(contextTokens), 0, i18n.locale) },
  ];
  return <Table caption={<Trans>Tariffs</Trans>} columns={columns} rows={vendor.gateway.offer.models} rowKey={({ id }) => id} />;
}
