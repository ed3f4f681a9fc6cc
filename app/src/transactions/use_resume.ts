import { useEffect } from 'react';
import { useChain } from '../chain/context.tsx';
import { useCluster, useRefreshChain } from '../chain/queries.ts';
import { followOnce } from './follow.ts';
import { useJournal } from './journal.ts';

/** Follows what was pending when the page was left, and what another tab of this browser sends, on the cluster that it was sent to. */
export function useResumePending(): void {
  const { client } = useChain();
  const { genesis } = useCluster();
  const refresh = useRefreshChain();
  const journal = useJournal();
  useEffect(() => {
    if (genesis === undefined) return;
    for (const entry of journal) {
      if (entry.state === 'pending' && entry.genesis === genesis) void followOnce(client.rpc, entry).then(refresh);
    }
  }, [client, genesis, journal, refresh]);
}
