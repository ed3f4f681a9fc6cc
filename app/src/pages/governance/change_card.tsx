import { Trans } from '@lingui/react/macro';
import { useLingui } from '@lingui/react';
import type { Change } from '@specie/sdk/generated';
import { changeKind, type ChangeKind } from '@specie/sdk/quotes';
import { getAddressDecoder, type Account } from '@solana/kit';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { useWallet } from '../../wallet/context.tsx';
import { mayCancel, mayExecute, scheduleOf, type Schedule } from './plan.ts';
import { changedRules, RuleValue } from './rules.tsx';

interface ChangeProps {
  readonly change: Account<Change>;
  readonly snapshot: Snapshot;
  readonly now: bigint;
  readonly onAsk: (action: ChangeAction) => void;
}

export type ChangeAction = 'execute' | 'cancel';

/** A scheduled change: what it changes, from when, and who can stop it. */
export function ChangeCard({ change, snapshot, now, onAsk }: ChangeProps) {
  const { address } = useWallet();
  const kind = changeKind(change.data.proposal);
  const schedule = scheduleOf(snapshot, change.data, now);
  const canExecute = schedule.state === 'executable' && address !== undefined && mayExecute(change.data, address);
  const canCancel = address !== undefined && mayCancel(snapshot, change.data, address);
  return (
    <Card>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="text-title font-bold">
          <KindName kind={kind} /> <span className="font-normal text-muted">#{change.data.index.toString()}</span>
        </h3>
        <StateTag schedule={schedule} />
      </div>
      <Facts>
        <What change={change.data} snapshot={snapshot} />
        <Fact label={<Trans>Scheduled</Trans>}>
          <Time at={change.data.scheduledAt} />
        </Fact>
        <Fact label={kind === 'authority' ? <Trans>Becomes executable, by the new authority</Trans> : <Trans>Becomes executable, by anybody</Trans>}>
          <Time at={schedule.from} />
        </Fact>
        <Fact label={<Trans>Lapses if nobody has executed it</Trans>}>
          <Time at={schedule.until} />
        </Fact>
        <Fact label={<Trans>Who can cancel it</Trans>}>
          {kind === 'guardian' ? <Trans>the authority</Trans> : <Trans>the authority or the guardian</Trans>}
        </Fact>
      </Facts>
      {(canExecute || canCancel) && (
        <div className="mt-4 flex flex-wrap gap-3">
          {canExecute && (
            <Button look="primary" onClick={() => onAsk('execute')}>
              <Trans>Execute</Trans>
            </Button>
          )}
          {canCancel && (
            <Button look="danger" onClick={() => onAsk('cancel')}>
              <Trans>Cancel the change</Trans>
            </Button>
          )}
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

function StateTag({ schedule: { state, from } }: { readonly schedule: Schedule }) {
  switch (state) {
    case 'waiting':
      return (
        <Tag long tone="warn">
          <Trans>
            takes effect <Time at={from} /> at the earliest
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
  switch (changeKind(proposal)) {
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
          <Amount value={snapshot.standard.data.workPerScu} decimals={0} unit="TFLOP" /> → <Amount value={proposal.workPerScu} decimals={0} unit="TFLOP" />
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
            <Amount value={snapshot.vaults.find(({ address }) => address === proposal.subject)?.data.limit ?? 0n} unit="SCU" /> →{' '}
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
