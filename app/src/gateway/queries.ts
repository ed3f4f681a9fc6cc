import { connectGateway, discover, mismatchOf, showSession, type Discovery, type Gateway, type OpenedSession, type SessionState, type VaultFacts } from '@specie/sdk/gateway';
import type { Vault } from '@specie/sdk/generated';
import { clusterOf } from '@specie/sdk/plans';
import type { Account } from '@solana/kit';
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useConfig } from '../chain/context.tsx';
import type { Snapshot } from '../chain/snapshot.ts';
import type { VendorEntry } from '../config/config.ts';

const TIMEOUT = 8_000;

/** The key of what a gateway publishes. */
export const discoveryKey = (gateway: string): readonly string[] => ['gateway', gateway, 'discovery'];

function discoveryQuery(gateway: string | undefined) {
  return queryOptions({
    queryKey: discoveryKey(gateway ?? ''),
    enabled: gateway !== undefined,
    staleTime: 30_000,
    refetchInterval: 60_000,
    retry: 1,
    queryFn: () => discover(connectGateway(gateway ?? ''), AbortSignal.timeout(TIMEOUT)),
  });
}

/** A vendor as the page knows it: its vault by the chain, its name by the host, its gateway by both. */
export interface Vendor {
  readonly vault: Account<Vault>;
  /** The host's name of it; undefined where the host has none. */
  readonly name: string | undefined;
  readonly gateway: GatewayState;
}

export type GatewayState =
  | { readonly state: 'unlisted' }
  | { readonly state: 'asking'; readonly url: string }
  | { readonly state: 'silent'; readonly url: string }
  /** It says of itself what the chain does not. */
  | { readonly state: 'wrong'; readonly url: string; readonly what: keyof VaultFacts }
  | { readonly state: 'own'; readonly url: string; readonly offer: Discovery };

function stateOf(
  entry: VendorEntry | undefined,
  vault: Account<Vault>,
  snapshot: Snapshot,
  found: Discovery | undefined,
  failed: boolean,
): GatewayState {
  const url = entry?.gateway;
  if (url === undefined) return { state: 'unlisted' };
  if (found === undefined) return failed ? { state: 'silent', url } : { state: 'asking', url };
  const wrong = mismatchOf(found, {
    vault: vault.address,
    issuer: vault.data.issuer,
    currency: snapshot.currency.address,
    cluster: clusterOf(snapshot.currency.data),
  });
  return wrong === undefined ? { state: 'own', url, offer: found } : { state: 'wrong', url, what: wrong };
}

/** Every vault of the currency, with what its gateway offers. */
export function useVendors(snapshot: Snapshot | undefined): readonly Vendor[] | undefined {
  const { vendors } = useConfig();
  const vaults = snapshot?.vaults ?? [];
  const entries = vaults.map(({ address }) => vendors.find(({ vault }) => vault === address));
  const answers = useQueries({ queries: entries.map((entry) => discoveryQuery(entry?.gateway)) });
  if (snapshot === undefined) return undefined;
  return vaults.map((vault, index) => ({
    vault,
    name: entries[index]?.name,
    gateway: stateOf(entries[index], vault, snapshot, answers[index]?.data, answers[index]?.isError ?? false),
  }));
}

/** How often a session that is on screen is read again. */
const SESSION_REFRESH = 4_000;

/** How a session stands at its gateway, read again while it is on screen: what it has consumed moves with every answer. */
export function useSessionState(gateway: Gateway | undefined, session: OpenedSession | undefined): SessionState | undefined {
  const { data } = useQuery({
    queryKey: ['gateway', gateway?.url ?? '', 'session', session?.state.id ?? ''],
    enabled: gateway !== undefined && session !== undefined,
    refetchInterval: SESSION_REFRESH,
    retry: false,
    queryFn: ({ signal }) => {
      if (gateway === undefined || session === undefined) throw new Error('disabled');
      return showSession(gateway, session.apiKey, session.state.id, signal);
    },
  });
  return data ?? session?.state;
}
