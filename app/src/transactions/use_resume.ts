import { useEffect } from 'react';
import { useChain } from '../chain/context.tsx';
import { useCluster, useRefreshChain } from '../chain/queries.ts';
import { followOnce } from './follow.ts';
import { getJournal } from './journal.ts';

/** Follows what was pending when the page was left, on the cluster that it was sent to. */
export function useResumePending(): void {
  const { client } = useChain();
  const { genesis } = useCluster();
  const refresh = useRefreshChain();
  useEffect(() => {
    if (genesis === undefined) return;
    for (const entry of getJournal()) {
      if (entry.state === 'pending' && entry.genesis === genesis) void followOnce(client.rpc, entry).then(refresh);
    }
  }, [client, genesis, refresh]);
}
