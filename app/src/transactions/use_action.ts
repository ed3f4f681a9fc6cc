import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useChain } from '../chain/context.tsx';
import { useRefreshChain, useSnapshot } from '../chain/queries.ts';
import { clusterOf } from '@specie/sdk/plans';
import { useSettings } from '../config/settings.ts';
import { useWallet } from '../wallet/context.tsx';
import { Failure } from './failure.ts';
import type { JournalEntry } from './journal.ts';
import type { Plan } from './plan.ts';
import { send, type Step } from './send.ts';

/** One action of a page: planned, signed, sent and followed until the chain has confirmed it. */
export function useAction(onConfirmed?: (entry: JournalEntry) => void | Promise<void>) {
  const { client } = useChain();
  const { data: snapshot } = useSnapshot();
  const { address, sign } = useWallet();
  const { priorityFeeCap } = useSettings();
  const refresh = useRefreshChain();
  const [step, setStep] = useState<Step | undefined>();

  const mutation = useMutation({
    mutationFn: async (plan: () => Promise<Plan> | Plan): Promise<JournalEntry> => {
      if (address === undefined || snapshot === undefined) throw new Failure({ code: 'wallet', said: 'no wallet is connected' });
      setStep('checking');
      return send(
        {
          rpc: client.rpc,
          oneNode: client.oneNode,
          cluster: clusterOf(snapshot.currency.data),
          feePayer: address,
          priorityCap: priorityFeeCap,
          sign,
          onStep: setStep,
        },
        await plan(),
      );
    },
    onSuccess: async (entry) => {
      await refresh();
      await onConfirmed?.(entry);
    },
    onSettled: () => setStep(undefined),
  });
  return { ...mutation, step };
}
