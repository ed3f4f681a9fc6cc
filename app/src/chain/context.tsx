import { createContext, useContext, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { PageConfig } from '../config/config.ts';
import { useSettings } from '../config/settings.ts';
import { createChainClient, type ChainClient } from './client.ts';
import type { NodeState } from './transport.ts';

interface ChainContextValue {
  readonly config: PageConfig;
  readonly client: ChainClient;
}

const ChainContext = createContext<ChainContextValue | undefined>(undefined);

/** Gives everything below the chain: nodes of the reader's own first, then the page's. */
export function ChainProvider({ config, children }: { readonly config: PageConfig; readonly children: ReactNode }) {
  const { rpc } = useSettings();
  const urls = useMemo(() => [...new Set([...rpc, ...config.rpc])], [rpc, config]);
  const value = useMemo(() => ({ config, client: createChainClient(urls) }), [config, urls]);
  return <ChainContext.Provider value={value}>{children}</ChainContext.Provider>;
}

export function useChain(): ChainContextValue {
  const value = useContext(ChainContext);
  if (value === undefined) throw new Error('useChain needs a ChainProvider above it');
  return value;
}

export function useConfig(): PageConfig {
  return useChain().config;
}

export function useNodeStates(): readonly NodeState[] {
  const { nodes } = useChain().client;
  return useSyncExternalStore(nodes.subscribe, nodes.states);
}
