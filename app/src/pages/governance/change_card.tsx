import { Trans } from '@lingui/react/macro';
import { useLingui } from '@lingui/react';
import type { Change } from '@specie/sdk/generated';
import { getAddressDecoder, type Account } from '@solana/kit';
import { useState } from 'react';
import type { Snapshot } from '../../chain/snapshot.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { useWallet } from '../../wallet/context.tsx';
import { EXECUTABLE_FOR, kindOf, mayCancel, planCancellation, planExecution, stateOf, type ChangeKind } from './plan.ts';
import { changedRules, RuleValue } from './rules.tsx';

interface ChangeProps {
  readonly change: Account<Change>;
  readonly snapshot: Snapshot;
  readonly now: bigint;
}

/** A scheduled change: what it changes, from when, and who can stop it. */
export function ChangeCard({ change, snapshot, now }: ChangeProps) {
  const { address } = useWallet();
  const [asked, setAsked] = useState<'execute' | 'cancel' | undefined>();
  const kind = kindOf(change.data);
  const state = stateOf(change.data, now);
  const canCancel = address !== undefined && mayCancel(snapshot, change.data, address);
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="text-title font-bold">
          <KindName kind={kind} /> <span className="font-normal text-muted">#{change.data.index.toString()}</span>
        </h3>
        <StateTag state={state} eta={change.data.eta} />
      </div>
      <Facts>
        <What change={change.data} snapshot={snapshot} />
        <Fact label={<Trans>Scheduled</Trans>}>
          <Time at={change.data.scheduledAt} />
        </Fact>
        <Fact label={<Trans>Anybody may execute it from</Trans>}>
          <Time at={change.data.eta} />
        </Fact>
        <Fact label={<Trans>until</Trans>}>
          <Time at={change.data.eta + EXECUTABLE_FOR} />
        </Fact>
        <Fact label={<Trans>Who can cancel it</Trans>}>
          {kind === 'guardian' ? <Trans>the authority</Trans> : <Trans>the authority or the guardian</Trans>}
        </Fact>
      </Facts>
      {(state === 'executable' || canCancel) && address !== undefined && (
        <div className="mt-4 flex flex-wrap gap-3">
          {state === 'executable' && (
            <Button look="primary" onClick={() => setAsked('execute')}>
              <Trans>Execute</Trans>
            </Button>
          )}
          {canCancel && (
            <Button look="danger" onClick={() => setAsked('cancel')}>
              <Trans>Cancel the change</Trans>
            </Button>
          )}
          <Dialog
            open={asked !== undefined}
            onClose={() => setAsked(undefined)}
            title={asked === 'cancel' ? <Trans>Cancel the change</Trans> : <Trans>Execute the change</Trans>}
          >
            <ActionPanel
              id={`${asked} ${change.address}`}
              plan={() => (asked === 'cancel' ? planCancellation(snapshot, change, address) : planExecution(snapshot, change, address))}
              label={asked === 'cancel' ? <Trans>Cancel the change</Trans> : <Trans>Execute the change</Trans>}
              danger={asked === 'cancel'}
              done={asked === 'cancel' ? <Trans>The change is cancelled.</Trans> : <Trans>The change is in force.</Trans>}
            />
          </Dialog>
        </div>
      )}
    </Card>
  );
}

function KindName({ kind }: { readonly kind: ChangeKind | undefined }) {
  switch (kind) {
    case 'params':
      return <Trans>New rules</Trans>;
    case 'standard':
      return <Trans>A rise of the Standard</Trans>;
    case 'quorum':
      return <Trans>Another quorum</Trans>;
    case 'authority':
      return <Trans>Another authority</Trans>;
    case 'guardian':
      return <Trans>Another guardian</Trans>;
    case 'treasury':
      return <Trans>Another treasury account</Trans>;
    case 'vault-limit':
      return <Trans>Another limit of a vault</Trans>;
    case undefined:
      return <Trans>A change that this page does not know</Trans>;
  }
}

function StateTag({ state, eta }: { readonly state: ReturnType<typeof stateOf>; readonly eta: bigint }) {
  switch (state) {
    case 'waiting':
      return (
        <Tag tone="warn">
          <Trans>
            takes effect <Time at={eta} /> at the earliest
          </Trans>
        </Tag>
      );
    case 'executable':
      return (
        <Tag tone="coin">
          <Trans>can be executed</Trans>
        </Tag>
      );
    case 'lapsed':
      return (
        <Tag>
          <Trans>lapsed</Trans>
        </Tag>
      );
  }
}

/** What would be otherwise, before and after. */
function What({ change, snapshot }: { readonly change: Change; readonly snapshot: Snapshot }) {
  const { i18n } = useLingui();
  const { proposal } = change;
  const { data: currency } = snapshot.currency;
  switch (kindOf(change)) {
    case 'params':
      return (
        <>
          {changedRules(currency.params, proposal.params).map(({ key, name, unit }) => (
            <Fact key={key} label={i18n._(name)}>
              <RuleValue unit={unit} value={currency.params[key]} /> → <RuleValue unit={unit} value={proposal.params[key]} />
            </Fact>
          ))}
        </>
      );
    case 'standard':
      return (
        <Fact label={<Trans>An SCU is</Trans>}>
          <Amount value={snapshot.standard.data.workPerScu} decimals={0} /> → <Amount value={proposal.workPerScu} decimals={0} unit="TFLOP" />
        </Fact>
      );
    case 'quorum':
      return (
        <>
          <Fact label={<Trans>Signatures needed</Trans>}>
            {snapshot.quorum.data.threshold} / {snapshot.quorum.data.count} → {proposal.threshold} / {proposal.count}
          </Fact>
          {proposal.keys.slice(0, proposal.count).map((key) => {
            const attestor = getAddressDecoder().decode(key);
            return (
              <Fact key={attestor} label={<Trans>Attestor</Trans>}>
                <Address value={attestor} />
              </Fact>
            );
          })}
        </>
      );
    case 'vault-limit':
      return (
        <>
          <Fact label={<Trans>Vault</Trans>}>
            <Address value={proposal.subject} />
          </Fact>
          <Fact label={<Trans>May owe at most</Trans>}>
            <Amount value={snapshot.vaults.find(({ address }) => address === proposal.subject)?.data.limit ?? 0n} /> →{' '}
            <Amount value={proposal.limit} unit="SCU" />
          </Fact>
        </>
      );
    case 'authority':
    case 'guardian':
    case 'treasury':
      return (
        <Fact label={<Trans>It becomes</Trans>}>
          <Address value={proposal.subject} />
        </Fact>
      );
    case undefined:
      return null;
  }
}
