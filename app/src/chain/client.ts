import { createSolanaRpcFromTransport, type Rpc, type SolanaRpcApi } from '@solana/kit';
import { createFailoverTransport, type FailoverTransport } from './transport.ts';

export type SpecieRpc = Rpc<SolanaRpcApi>;

/** The page's way to the chain: RPC nodes of the reader's choice. */
export interface ChainClient {
  readonly urls: readonly string[];
  readonly rpc: SpecieRpc;
  /** An RPC of one node alone, for answers that must be of the same cluster. */
  readonly oneNode: () => SpecieRpc;
  readonly nodes: Pick<FailoverTransport, 'states' | 'subscribe'>;
}

export function createChainClient(urls: readonly string[]): ChainClient {
  const failover = createFailoverTransport(urls);
  return {
    urls,
    rpc: createSolanaRpcFromTransport(failover.transport),
    oneNode: () => createSolanaRpcFromTransport(failover.oneNode()),
    nodes: failover,
  };
}
