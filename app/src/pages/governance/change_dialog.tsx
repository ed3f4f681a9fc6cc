import { Trans } from '@lingui/react/macro';
import type { Change } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useWallet } from '../../wallet/context.tsx';
import type { ChangeAction } from './change_card.tsx';
import { planCancellation, planExecution } from './plan.ts';

interface ChangeDialogProps {
  readonly change: Account<Change>;
  readonly action: ChangeAction;
  readonly onClose: () => void;
}

/** Executes or cancels a change. It stands beside the changes, not in one: the one that it ends is gone from the chain. */
export function ChangeDialog({ change, action, onClose }: ChangeDialogProps) {
  const { address } = useWallet();
  const isCancelling = action === 'cancel';
  const title = isCancelling ? <Trans>Cancel the change</Trans> : <Trans>Execute the change</Trans>;
  return (
    <Dialog open onClose={onClose} title={title}>
      <p className="mb-5">
        {isCancelling ? (
          <Trans>The change is taken back for good, and the rent of its account returns to whoever paid it. It can be scheduled anew, with its whole notice.</Trans>
        ) : (
          <Trans>What the change says is in force from then on. The rent of its account returns to whoever paid it.</Trans>
        )}
      </p>
      <ActionPanel
        id={`${action} ${change.address}`}
        plan={address === undefined ? undefined : () => (isCancelling ? planCancellation(change, address) : planExecution(change, address))}
        label={title}
        danger={isCancelling}
        done={isCancelling ? <Trans>The change is cancelled.</Trans> : <Trans>The change is in force.</Trans>}
      />
    </Dialog>
  );
}
