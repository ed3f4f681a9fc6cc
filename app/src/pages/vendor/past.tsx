import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { VAULT_LOOK_BACK, VAULT_LOOK_BACK_MAX, type VaultHistory } from '../../chain/vault_history.ts';
import { Button } from '../../components/button.tsx';
import { Notice, Skeleton } from '../../components/notice.tsx';

interface PastProps {
  readonly history: VaultHistory | undefined;
  readonly isError: boolean;
  readonly isFetching: boolean;
  /** How many transactions were asked for. */
  readonly reach: number;
  readonly onReach: (transactions: number) => void;
  readonly children: (history: VaultHistory) => ReactNode;
}

/** Something that the vault's past tells, and how far back that goes. */
export function Past({ history, isError, isFetching, reach, onReach, children }: PastProps) {
  if (history === undefined) {
    return isError ? (
      <Notice tone="warn">
        <Trans>The RPC node does not tell past transactions. Another one may: choose it in Settings.</Trans>
      </Notice>
    ) : (
      <Skeleton lines={6} />
    );
  }
  return (
    <>
      {children(history)}
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3 text-small text-muted">
        <Reach history={history} reach={reach} />
        {history.from === 'bound' && reach < VAULT_LOOK_BACK_MAX && (
          <Button look="quiet" disabled={isFetching} onClick={() => onReach(reach + 2 * VAULT_LOOK_BACK)}>
            {isFetching ? <Trans>Reading…</Trans> : <Trans>Look further back</Trans>}
          </Button>
        )}
      </div>
    </>
  );
}

function Reach({ history, reach }: { readonly history: VaultHistory; readonly reach: number }) {
  switch (history.from) {
    case 'opening':
      return <Trans>Since the vault was opened: this is all.</Trans>;
    case 'bound':
      return <Trans>From the vault’s last {reach} transactions.</Trans>;
    case 'node':
      return <Trans>As far back as the RPC node remembers. Another node may tell more: choose it in Settings.</Trans>;
  }
}
