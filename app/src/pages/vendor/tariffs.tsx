import { Plural, Trans, useLingui } from '@lingui/react/macro';
import type { Discovery, ModelOffer, PoolOffer } from '@specie/sdk/gateway';
import { CLASSES } from '@specie/sdk/quotes';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { Foreign } from '../../components/foreign.tsx';
import { EmptyState, Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { formatAmount } from '../../format/amount.ts';
import type { GatewayState, Vendor } from '../../gateway/queries.ts';

/** What the vendor's gateway asks for each model and accelerator, as everybody sees it. */
export function Tariffs({ vendor }: { readonly vendor: Vendor }) {
  const { gateway } = vendor;
  if (gateway.state !== 'own') return <NoTariffs gateway={gateway} vault={vendor.vault.address} />;
  const { models, pools } = gateway.offer;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <Card>
        <Facts>
          <Fact label={<Trans>Gateway</Trans>}>
            <span className="font-code text-small break-all">{gateway.url}</span>
          </Fact>
          <Fact label={<Trans>Terms, which a session keeps until it ends</Trans>}>
            <Address value={gateway.offer.terms} />
          </Fact>
        </Facts>
      </Card>
      {models.length === 0 && pools.length === 0 ? (
        <EmptyState title={<Trans>Nothing on offer</Trans>}>
          <Trans>The gateway answers and has no model and no accelerators. Name some in its configuration, with a price for each, and restart it.</Trans>
        </EmptyState>
      ) : (
        <>
          {models.length > 0 && <Models models={models} />}
          {pools.length > 0 && <Pools pools={pools} />}
        </>
      )}
    </div>
  );
}

/** Why no tariff is known, and what would help. */
function NoTariffs({ gateway, vault }: { readonly gateway: Exclude<GatewayState, { state: 'own' }>; readonly vault: string }) {
  switch (gateway.state) {
    case 'unlisted':
      return (
        <EmptyState title={<Trans>This page knows no gateway of yours</Trans>}>
          <Trans>
            Whoever hosts it lists gateways by vault: send them your gateway’s address and the vault’s, <Address value={vault} />. Until then buyers here do not see your
            prices; they redeem and are served all the same.
          </Trans>
        </EmptyState>
      );
    case 'asking':
      return <Notice>{<Trans>Asking <Foreign>{gateway.url}</Foreign>…</Trans>}</Notice>;
    case 'silent':
      return (
        <Notice tone="warn">
          <Trans>
            <Foreign>{gateway.url}</Foreign> does not answer a browser, so buyers do not see your prices either. See that it runs, that its certificate holds, and that its configuration lets
            browsers ask.
          </Trans>
        </Notice>
      );
    case 'wrong':
      return (
        <Notice tone="bad">
          <Trans>
            <Foreign>{gateway.url}</Foreign> states another <WrongFact what={gateway.what} /> than the chain has for this vault, so it is shown to nobody as yours. Put its configuration and the vault’s
            keys in agreement.
          </Trans>
        </Notice>
      );
  }
}

function WrongFact({ what }: { readonly what: keyof Pick<Discovery, 'vault' | 'issuer' | 'currency' | 'cluster'> }) {
  switch (what) {
    case 'vault':
      return <Trans>vault</Trans>;
    case 'issuer':
      return <Trans>issuer</Trans>;
    case 'currency':
      return <Trans>currency</Trans>;
    case 'cluster':
      return <Trans>cluster</Trans>;
  }
}

/** A class by its published name. */
function ClassOf({ name }: { readonly name: string }) {
  const known = CLASSES.find((one) => one === name);
  return known === undefined ? name : <ClassName name={known} />;
}

function Models({ models }: { readonly models: readonly ModelOffer[] }) {
  const { i18n } = useLingui();
  const columns: readonly Column<ModelOffer>[] = [
    { id: 'model', header: <Trans>Model</Trans>, cell: ({ id }) => <Foreign code>{id}</Foreign> },
    { id: 'class', header: <Trans>Class</Trans>, cell: (model) => <ClassOf name={model.class} /> },
    { id: 'input', header: <Trans>1,000 tokens read</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.inputUnitsPer1000} unit="SCU" /> },
    { id: 'cached', header: <Trans>of them cached</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.cachedUnitsPer1000} unit="SCU" /> },
    { id: 'output', header: <Trans>1,000 tokens written</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.outputUnitsPer1000} unit="SCU" /> },
    { id: 'second', header: <Trans>A second</Trans>, numeric: true, cell: ({ tariff }) => <Amount value={tariff.unitsPerSecond} unit="SCU" /> },
    {
      id: 'context',
      header: <Trans>Context, of it answer</Trans>,
      numeric: true,
      cell: ({ contextTokens, maxOutputTokens }) => (
        <>
          {maxOutputTokens > 0 ? (
            <Trans>
              {formatAmount(BigInt(contextTokens), 0, i18n.locale)} · {formatAmount(BigInt(maxOutputTokens), 0, i18n.locale)} tokens
            </Trans>
          ) : (
            <Trans>{formatAmount(BigInt(contextTokens), 0, i18n.locale)} tokens</Trans>
          )}
        </>
      ),
    },
  ];
  return <Table caption={<Trans>Tariffs</Trans>} columns={columns} rows={models} rowKey={({ id }) => id} />;
}

function Pools({ pools }: { readonly pools: readonly PoolOffer[] }) {
  const columns: readonly Column<PoolOffer>[] = [
    { id: 'pool', header: <Trans>Accelerators</Trans>, cell: ({ id }) => <Foreign code>{id}</Foreign> },
    { id: 'class', header: <Trans>Class</Trans>, cell: (pool) => <ClassOf name={pool.class} /> },
    { id: 'count', header: <Trans>In the pool</Trans>, numeric: true, cell: ({ accelerators }) => <Plural value={accelerators} one="# accelerator" other="# accelerators" /> },
    { id: 'second', header: <Trans>A second of one</Trans>, numeric: true, cell: ({ unitsPerSecond }) => <Amount value={unitsPerSecond} unit="SCU" /> },
    { id: 'hour', header: <Trans>An hour of one</Trans>, numeric: true, cell: ({ unitsPerSecond }) => <Amount value={unitsPerSecond * 3_600n} unit="SCU" /> },
  ];
  return <Table caption={<Trans>Leases</Trans>} columns={columns} rows={pools} rowKey={({ id }) => id} />;
}
