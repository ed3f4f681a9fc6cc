import type { Vault } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useConfig } from '../chain/context.tsx';
import { base58, type Snapshot } from '../chain/snapshot.ts';
import type { VendorEntry } from '../config/config.ts';
import { DiscoveryError, mismatchOf, parseDiscovery, type Discovery } from './discovery.ts';

const TIMEOUT = 8_000;

async function discover(gateway: string): Promise<Discovery> {
  const answer = await fetch(`${gateway}/.well-known/specie`, {
    credentials: 'omit',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (!answer.ok) throw new DiscoveryError(`it answered ${answer.status}`);
  return parseDiscovery(await answer.json());
}

function discoveryQuery(gateway: string | undefined) {
  return queryOptions({
    queryKey: ['gateway', gateway ?? '', 'discovery'],
    enabled: gateway !== undefined,
    staleTime: 30_000,
    refetchInterval: 60_000,
    retry: 1,
    queryFn: () => discover(gateway ?? ''),
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
  | { readonly state: 'wrong'; readonly url: string; readonly what: string }
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
    cluster: base58(snapshot.currency.data.cluster),
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

/** What one gateway publishes. */
export function useDiscovery(gateway: string | undefined) {
  return useQuery(discoveryQuery(gateway));
}
