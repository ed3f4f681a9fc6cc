import { Trans } from '@lingui/react/macro';
import { useLingui } from '@lingui/react';
import type { Change } from '@specie/sdk/generated';
import { getAddressDecoder, type Account } from '@solana/kit';
import { useState } from 'react';
import { useChanges, useNow, useSnapshot } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Address } from '../../components/address.tsx';
import { EmptyState, Skeleton } from '../../components/notice.tsx';
import { Card, Fact, Facts, PageHeader, Section } from '../../components/surface.tsx';
import { ChangeCard, type ChangeAction } from './change_card.tsx';
import { ChangeDialog } from './change_dialog.tsx';
import { RULES, RuleValue } from './rules.tsx';

export default function GovernancePage() {
  const { data: snapshot } = useSnapshot();
  const { data: changes } = useChanges();
  const now = useNow();
  const [asked, setAsked] = useState<{ readonly change: Account<Change>; readonly action: ChangeAction } | undefined>();
  return (
    <>
      <PageHeader
        title={<Trans>Governance</Trans>}
        lead={<Trans>Nothing about the currency changes overnight: every change stands here for its notice before it can take effect.</Trans>}
      />
      {snapshot === undefined || changes === undefined ? (
        <Skeleton lines={14} />
      ) : (
        <>
          <Section title={<Trans>Scheduled changes</Trans>}>
            {changes.length === 0 ? (
              <EmptyState title={<Trans>Nothing is scheduled</Trans>}>
                <Trans>The authority schedules a change; it waits for its notice, in sight of everybody, and the guardian can cancel it meanwhile.</Trans>
              </EmptyState>
            ) : (
              <div className="grid grid-cols-[minmax(0,1fr)] gap-5 md:grid-cols-2">
                {changes.map((change) => (
                  <ChangeCard key={change.address} change={change} snapshot={snapshot} now={now} onAsk={(action) => setAsked({ change, action })} />
                ))}
              </div>
            )}
          </Section>
          <Section title={<Trans>Who can do what</Trans>}>
            <Powers snapshot={snapshot} />
          </Section>
          <Section title={<Trans>The rules now</Trans>} note={<Trans>Each is within bounds that the program sets, whoever governs.</Trans>}>
            <Rules snapshot={snapshot} />
          </Section>
          {asked !== undefined && <ChangeDialog {...asked} onClose={() => setAsked(undefined)} />}
        </>
      )}
    </>
  );
}

function Powers({ snapshot }: { readonly snapshot: Snapshot }) {
  const { data: currency } = snapshot.currency;
  const { data: quorum } = snapshot.quorum;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5 md:grid-cols-3">
      <Card>
        <h3 className="font-bold">
          <Trans>Authority</Trans>
        </h3>
        <Address value={currency.authority} />
        <p className="mt-2 text-muted">
          <Trans>Admits vendors and schedules changes. It cannot mint, lower the Standard, or stop anybody from redeeming and reclaiming.</Trans>
        </p>
      </Card>
      <Card>
        <h3 className="font-bold">
          <Trans>Guardian</Trans>
        </h3>
        <Address value={currency.guardian} />
        <p className="mt-2 text-muted">
          <Trans>Pauses issuing for a bounded time, suspends a vault, and cancels changes, except its own replacement. It can start nothing.</Trans>
        </p>
      </Card>
      <Card>
        <h3 className="font-bold">
          <Trans>
            Quorum: {quorum.threshold} of {quorum.count}
          </Trans>
        </h3>
        <p className="flex flex-wrap gap-x-3">
          {quorum.keys.slice(0, quorum.count).map((key) => {
            const attestor = getAddressDecoder().decode(key);
            return <Address key={attestor} value={attestor} />;
          })}
        </p>
        <p className="mt-2 text-muted">
          <Trans>Measures hardware and posts the price. Any one attestor can veto an attestation that waits.</Trans>
        </p>
      </Card>
    </div>
  );
}

function Rules({ snapshot }: { readonly snapshot: Snapshot }) {
  const { i18n } = useLingui();
  const { params } = snapshot.currency.data;
  return (
    <Card>
      <div className="grid gap-x-10 md:grid-cols-2 [&>dl+dl]:border-t [&>dl+dl]:border-line md:[&>dl+dl]:border-t-0">
        {[RULES.slice(0, 15), RULES.slice(15)].map((half, index) => (
          <Facts key={index}>
            {half.map(({ key, name, unit }) => (
              <Fact key={key} label={i18n._(name)}>
                <RuleValue unit={unit} value={params[key]} />
              </Fact>
            ))}
          </Facts>
        ))}
      </div>
    </Card>
  );
}
