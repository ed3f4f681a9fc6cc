import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useCluster } from '../chain/queries.ts';
import { SOL_DECIMALS } from '../format/amount.ts';
import { failureOf, type FailureFacts } from '../transactions/failure.ts';
import type { JournalEntry } from '../transactions/journal.ts';
import type { Plan } from '../transactions/plan.ts';
import type { Preview } from '../transactions/preview.ts';
import type { Step } from '../transactions/send.ts';
import { useAction } from '../transactions/use_action.ts';
import { usePreview } from '../transactions/use_preview.ts';
import { useWallet } from '../wallet/context.tsx';
import { WalletButton } from '../wallet/wallet_button.tsx';
import { Amount } from './amount.tsx';
import { Button } from './button.tsx';
import { FailureText } from './failure_text.tsx';
import { Notice } from './notice.tsx';
import { Fact, Facts } from './surface.tsx';

interface ActionPanelProps {
  /** Names what the plan depends on: another id, another preview. */
  readonly id: string;
  /** The transaction; undefined while what it needs is missing. */
  readonly plan: (() => Promise<Plan> | Plan) | undefined;
  /** The button's words. */
  readonly label: ReactNode;
  /** What the simulation shows, beside the fee. */
  readonly preview?: (preview: Preview) => ReactNode;
  /** What is said once the chain has confirmed it. */
  readonly done: ReactNode;
  readonly onConfirmed?: ((entry: JournalEntry) => void | Promise<void>) | undefined;
  /** What is signed, where that is not what is previewed: a key that is made only once it is needed. */
  readonly finalPlan?: (() => Promise<Plan>) | undefined;
  readonly danger?: boolean;
  /** The program's refusal by its code, for whoever acts here: with its numbers, and what helps. */
  readonly refused?: ((code: number) => ReactNode) | undefined;
}

/** Previews a transaction, has it signed, and shows what the chain made of it. */
export function ActionPanel({ id, plan, label, preview, done, onConfirmed, finalPlan, danger = false, refused }: ActionPanelProps) {
  const { address } = useWallet();
  const { mismatch } = useCluster();
  const simulated = usePreview(id, plan);
  const action = useAction(onConfirmed);
  // What is being done, as the form stood when it was asked for.
  const [asked, setAsked] = useState<{ readonly id: string; readonly done: ReactNode } | undefined>();
  // Something else is asked for now: what became of the last thing is told no more.
  if (action.isSuccess && asked !== undefined && asked.id !== id && plan !== undefined) setAsked(undefined);
  if (address === undefined) return <WalletButton />;
  const failure = plan === undefined ? undefined : simulated.data?.failure;
  // What was just done cannot be done again, often: that is no reason to warn of it. A form that is emptied with it asks nothing new.
  const hasJustEnded = action.isSuccess && asked !== undefined;
  const start = (): void => {
    const signed = finalPlan ?? plan;
    if (signed === undefined) return;
    setAsked({ id, done });
    action.mutate(signed);
  };
  return (
    <div className="space-y-4">
      {plan !== undefined && simulated.data !== undefined && failure === undefined && (
        <Facts>
          {preview?.(simulated.data)}
          <FeeFact preview={simulated.data} />
        </Facts>
      )}
      {failure !== undefined && !action.isPending && !hasJustEnded && (
        <Notice tone="warn" live>
          <Reason facts={failure} refused={refused} />
        </Notice>
      )}
      <Button
        look={danger ? 'danger' : 'primary'}
        wide
        disabled={plan === undefined || mismatch || action.isPending || failure !== undefined}
        onClick={start}
      >
        {action.step === undefined ? label : <StepName step={action.step} />}
      </Button>
      {action.isError && !action.isPending && (
        <Notice tone="bad" live>
          <Reason facts={failureOf(action.error)} refused={refused} />
        </Notice>
      )}
      {hasJustEnded && (
        <Notice
          tone="good"
          live
          action={
            <Link to="/activity" className="underline">
              <Trans>See it in Activity</Trans>
            </Link>
          }
        >
          {asked?.done}
        </Notice>
      )}
    </div>
  );
}

/** Why it is not done: the program's refusal in the words of whoever acts here. */
function Reason({ facts, refused }: Pick<ActionPanelProps, 'refused'> & { readonly facts: FailureFacts }) {
  return facts.program === undefined || refused === undefined ? <FailureText facts={facts} /> : <>{refused(facts.program)}</>;
}

function FeeFact({ preview }: { readonly preview: Preview }) {
  return (
    <Fact label={<Trans>Network fee, at most</Trans>}>
      <Amount value={preview.fee} decimals={SOL_DECIMALS} unit="SOL" />
      {preview.priority > 0n && (
        <span className="block text-small font-normal text-muted">
          {preview.capped ? (
            <Trans>
              of it <Amount value={preview.priority} decimals={SOL_DECIMALS} unit="SOL" /> for priority, cut off at your cap
            </Trans>
          ) : (
            <Trans>
              of it <Amount value={preview.priority} decimals={SOL_DECIMALS} unit="SOL" /> for priority
            </Trans>
          )}
        </span>
      )}
    </Fact>
  );
}

function StepName({ step }: { readonly step: Step }) {
  switch (step) {
    case 'checking':
      return <Trans>Checking…</Trans>;
    case 'signing':
      return <Trans>Confirm in the wallet…</Trans>;
    case 'sending':
      return <Trans>Sending…</Trans>;
    case 'confirming':
      return <Trans>Waiting for the chain…</Trans>;
  }
}
