import { Trans, useLingui } from '@lingui/react/macro';
import { msg } from '@lingui/core/macro';
import { Link, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useVaultHistory } from '../../chain/queries.ts';
import { VAULT_LOOK_BACK } from '../../chain/vault_history.ts';
import { Notice } from '../../components/notice.tsx';
import { Section } from '../../components/surface.tsx';
import { GatewayTag, VendorName } from '../../components/vendor_name.tsx';
import { Evidence } from '../reserves/evidence.tsx';
import { ClassesCard } from './classes.tsx';
import { ClosingCard } from './closing.tsx';
import { CollateralCard } from './collateral.tsx';
import { HandOverCard } from './hand_over.tsx';
import { IssueCard } from './issue.tsx';
import { KeysCard } from './keys.tsx';
import { MarginCard, MarginHistory } from './margin.tsx';
import { OfferCard } from './offer.tsx';
import type { OwnProps, Roles } from './own.ts';
import { Past } from './past.tsx';
import { Settlements } from './settlements_table.tsx';
import { Standing, StatusTag } from './standing.tsx';
import { Tariffs } from './tariffs.tsx';
import { OpenVouchers } from './vouchers.tsx';

interface VaultOfProps extends OwnProps {
  readonly roles: Roles;
  readonly onClosed: () => void;
}

const PARTS = [
  { id: 'selling', label: msg`Selling` },
  { id: 'backing', label: msg`Backing` },
  { id: 'serving', label: msg`Serving` },
  { id: 'keys', label: msg`Keys` },
] as const;

type Part = (typeof PARTS)[number]['id'];

/** A vault as its vendor sees it: how it stands, and four parts in which everything about it is done. */
export function VaultOf({ roles, onClosed, ...props }: VaultOfProps) {
  const { vendor } = props;
  const named = useSearch({ from: '/vendor' }).part;
  // An operator that is not the vendor has one part to act in.
  const part = roles.isVendor ? (PARTS.find(({ id }) => id === named)?.id ?? 'selling') : 'serving';
  return (
    <>
      <div className="mb-4 flex flex-wrap items-baseline gap-3">
        <h2 className="min-w-0 text-title font-bold">
          <VendorName vendor={vendor} />
        </h2>
        <StatusTag status={vendor.vault.data.status} />
        <GatewayTag gateway={vendor.gateway} />
      </div>
      <Standing {...props} />
      {roles.isVendor ? (
        <PartLinks part={part} />
      ) : (
        <div className="mb-8">
          <Notice>
            <Trans>This wallet is the vault’s operator: it may decline vouchers and answer challenges. All else takes the vendor’s wallet.</Trans>
          </Notice>
        </div>
      )}
      <PartOf part={part} onClosed={onClosed} {...props} />
    </>
  );
}

/** The way to each part, with the one that is open marked. */
function PartLinks({ part }: { readonly part: Part }) {
  const { t, i18n } = useLingui();
  return (
    <nav aria-label={t`Parts of the vault`} className="mb-8 border-b border-line">
      <ul className="-mb-px flex flex-wrap gap-x-1">
        {PARTS.map(({ id, label }) => (
          <li key={id}>
            <Link
              to="/vendor"
              search={{ part: id }}
              resetScroll={false}
              replace
              aria-current={id === part ? 'page' : undefined}
              className={`flex min-h-11 items-center border-b-2 px-3 font-medium ${id === part ? 'border-verdigris text-verdigris-strong' : 'border-transparent text-muted hover:text-ink'}`}
            >
              {i18n._(label)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PartOf({ part, onClosed, ...props }: OwnProps & { readonly part: Part; readonly onClosed: () => void }): ReactNode {
  switch (part) {
    case 'selling':
      return <Selling {...props} />;
    case 'backing':
      return <Backing {...props} />;
    case 'serving':
      return <Serving {...props} />;
    case 'keys':
      return <Keys onClosed={onClosed} {...props} />;
  }
}

function Selling(props: OwnProps) {
  return (
    <>
      <Section title={<Trans>Offer</Trans>} note={<Trans>At what the vault sells to anybody, within what capacity and collateral allow.</Trans>}>
        <OfferCard {...props} />
      </Section>
      <Section title={<Trans>Issue</Trans>} note={<Trans>Tokens without a sale: to sell elsewhere, to pay with, or to redeem yourself.</Trans>}>
        <IssueCard {...props} />
      </Section>
      <Section title={<Trans>Tariffs</Trans>} note={<Trans>As your gateway publishes them. They are set in its configuration.</Trans>}>
        <Tariffs vendor={props.vendor} />
      </Section>
    </>
  );
}

function Backing(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const [reach, setReach] = useState(VAULT_LOOK_BACK);
  const { data, isError, isFetching } = useVaultHistory(vendor.vault.address, reach);
  return (
    <>
      <Section title={<Trans>Collateral in and out</Trans>}>
        <CollateralCard {...props} />
      </Section>
      <Section title={<Trans>Margin</Trans>} note={<Trans>What the hardware can still deliver, against what is owed. Compute that is not used perishes: have it measured again in time.</Trans>}>
        <MarginCard {...props} />
      </Section>
      <Section title={<Trans>Measured hardware</Trans>} note={<Trans>The attestors measure and sign; anybody brings what they signed to the chain.</Trans>}>
        <Evidence vendor={vendor} ttl={snapshot.currency.data.params.attestationTtl} now={now} />
      </Section>
      <Section title={<Trans>Margin history</Trans>}>
        <Past history={data} isError={isError} isFetching={isFetching} reach={reach} onReach={setReach}>
          {({ events }) => <MarginHistory events={events} {...props} />}
        </Past>
      </Section>
    </>
  );
}

function Serving(props: OwnProps) {
  const [reach, setReach] = useState(VAULT_LOOK_BACK);
  const { data, isError, isFetching } = useVaultHistory(props.vendor.vault.address, reach);
  return (
    <>
      <Section title={<Trans>Open vouchers</Trans>} note={<Trans>Whom the vault has to serve.</Trans>}>
        <OpenVouchers {...props} />
      </Section>
      <Section title={<Trans>Settlements</Trans>} note={<Trans>What was served and brought to the chain: it is owed no more.</Trans>}>
        <Past history={data} isError={isError} isFetching={isFetching} reach={reach} onReach={setReach}>
          {({ events }) => <Settlements events={events} />}
        </Past>
      </Section>
      <Section title={<Trans>Classes</Trans>} note={<Trans>What vouchers may be opened for. Add one when you begin to serve it, retire one before you stop.</Trans>}>
        <ClassesCard {...props} />
      </Section>
    </>
  );
}

function Keys({ onClosed, ...props }: OwnProps & { readonly onClosed: () => void }) {
  return (
    <>
      <Section title={<Trans>Keys and payout</Trans>} note={<Trans>The vendor delegates what is daily work, so that its own key need not be on a server.</Trans>}>
        <KeysCard {...props} />
      </Section>
      <Section title={<Trans>Hand over</Trans>} note={<Trans>To another company, or another key of yours: two steps, one signature each.</Trans>}>
        <HandOverCard {...props} />
      </Section>
      <Section title={<Trans>Close</Trans>} note={<Trans>For good, once nothing is owed and nothing is held.</Trans>}>
        <ClosingCard onClosed={onClosed} {...props} />
      </Section>
    </>
  );
}
