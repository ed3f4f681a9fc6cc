import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CHAIN_KEY } from '../chain/queries.ts';
import { useChain } from '../chain/context.tsx';
import { useSettings } from '../config/settings.ts';
import { useWallet } from '../wallet/context.tsx';
import type { Plan } from './plan.ts';
import { preview } from './preview.ts';

/** What a plan would do if it were sent now; simulated again as long as it is on screen. `id` names what it depends on. */
export function usePreview(id: string, plan: (() => Promise<Plan> | Plan) | undefined) {
  const { client } = useChain();
  const { address } = useWallet();
  const { priorityFeeCap } = useSettings();
  return useQuery({
    queryKey: [CHAIN_KEY, 'preview', id, address ?? '', priorityFeeCap.toString()],
    enabled: plan !== undefined && address !== undefined,
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: async () => {
      if (plan === undefined || address === undefined) throw new Error('disabled');
      return preview(client.rpc, address, await plan(), priorityFeeCap);
    },
  });
}
