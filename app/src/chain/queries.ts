import {
  AccountError,
  currencyAddresses,
  fetchAll,
  fetchAtSlot,
  findChanges,
  findVouchers,
  heldBy,
  STAKE,
  VOUCHER,
} from '@specie/sdk/accounts';
import { findStakePda, type Change, type Voucher } from '@specie/sdk/generated';
import { clusterOf, tokenAccountOf } from '@specie/sdk/plans';
import type { Account, Address } from '@solana/kit';
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { ChainClient } from './client.ts';
import { chainOf } from './cluster.ts';
import { useChain } from './context.tsx';
import { eventsOf, readHistory } from './history.ts';
import { byAddress, COMMITMENT, readSnapshot, type Snapshot } from './snapshot.ts';
import { readVaultHistory } from './vault_history.ts';

/** How often what is on screen is read again. */
const REFRESH = 10_000;

/** What is read from the chain has keys that begin with this, so that a confirmed transaction has all of it read again. */
export const CHAIN_KEY = 'chain';

function key(client: ChainClient, ...rest: readonly string[]) {
  return [CHAIN_KEY, client.urls.join(' '), ...rest];
}

export function snapshotQuery(client: ChainClient, mint: Address) {
  return queryOptions({
    queryKey: key(client, 'snapshot', mint),
    queryFn: () => readSnapshot(client.rpc, mint),
    refetchInterval: REFRESH,
  });
}

/** The currency, its vaults and the chain's clock. */
export function useSnapshot() {
  const { client, config } = useChain();
  return useQuery(snapshotQuery(client, config.mint));
}

export function genesisQuery(client: ChainClient) {
  return queryOptions({
    queryKey: ['genesis', client.urls.join(' ')],
    queryFn: () => client.rpc.getGenesisHash().send(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Which cluster the RPC node is of, and whether the currency belongs there. */
export function useCluster() {
  const { client } = useChain();
  const genesis = useQuery(genesisQuery(client)).data;
  const currency = useSnapshot().data?.currency.data;
  const mismatch = genesis !== undefined && currency !== undefined && clusterOf(currency) !== String(genesis);
  return { genesis, chain: genesis === undefined ? undefined : chainOf(genesis), mismatch };
}

/** What an address holds. */
export interface Balances {
  readonly lamports: bigint;
  readonly tokens: bigint;
  readonly collateral: bigint;
  readonly tokenAccount: Address;
  readonly collateralAccount: Address;
}

export function useBalances(owner: Address | undefined) {
  const { client, config } = useChain();
  const collateralMint = useSnapshot().data?.currency.data.collateralMint;
  return useQuery({
    queryKey: key(client, 'balances', owner ?? '', config.mint, collateralMint ?? ''),
    enabled: owner !== undefined && collateralMint !== undefined,
    refetchInterval: REFRESH,
    queryFn: async (): Promise<Balances> => {
      if (owner === undefined || collateralMint === undefined) throw new Error('disabled');
      const [tokenAccount, collateralAccount] = await Promise.all([
        tokenAccountOf(owner, config.mint),
        tokenAccountOf(owner, collateralMint),
      ]);
      const { accounts } = await fetchAtSlot(client.rpc, [owner, tokenAccount, collateralAccount], COMMITMENT);
      const [wallet, tokens, collateral] = accounts;
      return {
        lamports: wallet?.exists === true ? wallet.lamports : 0n,
        tokens: tokens === undefined ? 0n : heldBy(tokens),
        collateral: collateral === undefined ? 0n : heldBy(collateral),
        tokenAccount,
        collateralAccount,
      };
    },
  });
}

/** An owner's vouchers at all vaults of all currencies. */
export function useVouchers(owner: Address | undefined) {
  const { client } = useChain();
  return useQuery({
    queryKey: key(client, 'vouchers', owner ?? ''),
    enabled: owner !== undefined,
    refetchInterval: REFRESH,
    queryFn: async (): Promise<readonly Account<Voucher>[]> => {
      if (owner === undefined) throw new Error('disabled');
      return byAddress(await findVouchers(client.rpc, { owner }, COMMITMENT));
    },
  });
}

/** One voucher; null where it has ended, or never was. */
export function useVoucher(voucher: Address | undefined) {
  const { client } = useChain();
  return useQuery({
    queryKey: key(client, 'voucher', voucher ?? ''),
    enabled: voucher !== undefined,
    refetchInterval: REFRESH,
    queryFn: async (): Promise<Account<Voucher> | null> => {
      if (voucher === undefined) throw new Error('disabled');
      const [found] = await fetchAll(client.rpc, VOUCHER, [voucher], COMMITMENT).catch((error: unknown) => {
        // What a link names may be another account than a voucher.
        if (error instanceof AccountError) return [];
        throw error;
      });
      return found ?? null;
    },
  });
}

/** What somebody has staked; null where nothing. */
export function useStake(owner: Address | undefined) {
  const { client, config } = useChain();
  return useQuery({
    queryKey: key(client, 'stake', owner ?? '', config.mint),
    enabled: owner !== undefined,
    refetchInterval: REFRESH,
    queryFn: async () => {
      if (owner === undefined) throw new Error('disabled');
      const { pool } = await currencyAddresses(config.mint);
      const [stake] = await findStakePda({ pool, owner });
      const [found] = await fetchAll(client.rpc, STAKE, [stake], COMMITMENT);
      return found ?? null;
    },
  });
}

/** The changes that are scheduled, by number. */
export function useChanges() {
  const { client, config } = useChain();
  return useQuery({
    queryKey: key(client, 'changes', config.mint),
    refetchInterval: REFRESH,
    queryFn: async (): Promise<readonly Account<Change>[]> => {
      const { currency } = await currencyAddresses(config.mint);
      const found = await findChanges(client.rpc, currency, COMMITMENT);
      return found.toSorted((left, right) => (left.data.index < right.data.index ? -1 : 1));
    },
  });
}

/** What the chain tells of the currency's past prices and Standards. */
export function useHistory({ currency, quorum, standard }: Snapshot) {
  const { client, config } = useChain();
  const { nextChange } = currency.data;
  return useQuery({
    queryKey: [CHAIN_KEY, 'history', config.mint, standard.data.priceSequence.toString(), standard.data.workPerScu.toString(), nextChange.toString()],
    queryFn: () => readHistory(client.rpc, { currency: currency.address, quorum: quorum.address, nextChange }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The vouchers that stand open on a vault, the latest first. */
export function useVouchersOf(vault: Address) {
  const { client } = useChain();
  return useQuery({
    queryKey: key(client, 'vouchers of', vault),
    refetchInterval: REFRESH,
    queryFn: async (): Promise<readonly Account<Voucher>[]> => {
      const found = byAddress(await findVouchers(client.rpc, { vault }, COMMITMENT));
      return found.toSorted((left, right) => Number(right.data.openedAt - left.data.openedAt));
    },
  });
}

/** What the chain tells of a vault's past, as far back as so many of its transactions. */
export function useVaultHistory(vault: Address, transactions: number) {
  const { client } = useChain();
  const queries = useQueryClient();
  return useQuery({
    queryKey: key(client, 'vault history', vault, transactions.toString()),
    refetchInterval: 3 * REFRESH,
    placeholderData: keepPreviousData,
    queryFn: () =>
      readVaultHistory(client.rpc, vault, transactions, (found) =>
        // A confirmed transaction says the same for ever.
        queries.fetchQuery({
          queryKey: ['transaction', found.signature],
          queryFn: () => eventsOf(client.rpc, found),
          staleTime: Number.POSITIVE_INFINITY,
          gcTime: Number.POSITIVE_INFINITY,
        }),
      ),
  });
}

/** Has all that was read from the chain read again: after a transaction was confirmed. */
export function useRefreshChain(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: [CHAIN_KEY] }), [queries]);
}

/** This machine's clock in milliseconds, by the second. */
function useTick(): number {
  const [tick, setTick] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setTick(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return tick;
}

/** This machine's clock in Unix seconds. */
export function useMachineNow(): bigint {
  return BigInt(Math.floor(useTick() / 1_000));
}

/** The chain's clock in Unix seconds: what was last read, and the time that has passed here since; this machine's before. */
export function useNow(): bigint {
  const { data, dataUpdatedAt } = useSnapshot();
  const tick = useTick();
  if (data === undefined) return BigInt(Math.floor(tick / 1_000));
  return data.now + BigInt(Math.max(0, Math.floor((tick - dataUpdatedAt) / 1_000)));
}
