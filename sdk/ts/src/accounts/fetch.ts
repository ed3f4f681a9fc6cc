import {
  address,
  fetchEncodedAccounts,
  getI64Decoder,
  parseBase64RpcAccount,
  type Account,
  type Address,
  type FetchAccountsConfig,
  type GetMultipleAccountsApi,
  type MaybeEncodedAccount,
  type Rpc,
} from "@solana/kit";
import { getMintDecoder, getTokenDecoder } from "@solana-program/token";
import type { Book, Currency, Pool, Quorum, Standard } from "../generated/index.js";
import { currencyAddresses, type CurrencyAddresses } from "./addresses.js";
import { AccountError, BOOK, CURRENCY, POOL, QUORUM, STANDARD, decodeExisting, decodeIfAny, type AccountKind } from "./decode.js";

/** The Clock sysvar, which holds the chain's time. */
export const CLOCK_ADDRESS = address("SysvarC1ock11111111111111111111111111111111");

/** Where the Unix time stands in the Clock sysvar, in bytes. */
const CLOCK_TIME_AT = 32;
/** The most accounts that one call of `getMultipleAccounts` returns. */
const ACCOUNTS_MAX = 100;

/** An RPC that returns several accounts at once. */
export type ReadsAccounts = Rpc<GetMultipleAccountsApi>;

/** Fetches any number of accounts, a hundred a call, in the order of their addresses. */
export async function fetchAccounts(
  rpc: ReadsAccounts,
  addresses: readonly Address[],
  config?: FetchAccountsConfig,
): Promise<MaybeEncodedAccount[]> {
  const calls: Promise<MaybeEncodedAccount[]>[] = [];
  for (let at = 0; at < addresses.length; at += ACCOUNTS_MAX) {
    calls.push(fetchEncodedAccounts(rpc, addresses.slice(at, at + ACCOUNTS_MAX), config));
  }
  return (await Promise.all(calls)).flat();
}

/** Accounts as they were at one slot. */
export interface AccountsAtSlot {
  readonly slot: bigint;
  readonly accounts: readonly MaybeEncodedAccount[];
}

/** Fetches at most a hundred accounts as of one slot, in the order of their addresses. */
export async function fetchAtSlot(rpc: ReadsAccounts, addresses: readonly Address[], config: FetchAccountsConfig = {}): Promise<AccountsAtSlot> {
  const { abortSignal, ...rest } = config;
  const request = rpc.getMultipleAccounts([...addresses], { ...rest, encoding: "base64" });
  const { context, value } = await request.send(abortSignal === undefined ? {} : { abortSignal });
  return { slot: context.slot, accounts: addresses.map((at, index) => parseBase64RpcAccount(at, value[index] ?? null)) };
}

/** Fetches several accounts of one kind; one that is missing is undefined. */
export async function fetchAll<T extends object>(
  rpc: ReadsAccounts,
  kind: AccountKind<T>,
  addresses: readonly Address[],
  config?: FetchAccountsConfig,
): Promise<(Account<T> | undefined)[]> {
  return (await fetchAccounts(rpc, addresses, config)).map((account) => decodeIfAny(kind, account));
}

/** A currency, with what governs it, as of one slot. */
export interface CurrencyState {
  readonly addresses: CurrencyAddresses;
  readonly currency: Account<Currency>;
  readonly standard: Account<Standard>;
  readonly quorum: Account<Quorum>;
  /** What all its vaults owe. */
  readonly book: Account<Book>;
  readonly pool: Account<Pool>;
  /** Tokens that exist, in base units. */
  readonly supply: bigint;
  /** Fees that wait to be distributed, in base units of the collateral token. */
  readonly revenue: bigint;
  /** What the insurance holds, in base units of the collateral token. */
  readonly insurance: bigint;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
  /** The slot that all of it is of. */
  readonly slot: bigint;
}

/** Fetches a mint's currency, its Standard, quorum and pool, what exists and gathered, and the chain's time, in one call. */
export async function fetchCurrencyState(rpc: ReadsAccounts, mint: Address, config?: FetchAccountsConfig): Promise<CurrencyState> {
  const addresses = await currencyAddresses(mint);
  const wanted = [addresses.currency, addresses.standard, addresses.quorum, addresses.book, addresses.pool, mint, addresses.revenue, addresses.insurance, CLOCK_ADDRESS];
  const { slot, accounts } = await fetchAtSlot(rpc, wanted, config);
  const [currency, standard, quorum, book, pool, minted, revenue, insurance, clock] = accounts;
  if (!currency || !standard || !quorum || !book || !pool || !minted || !revenue || !insurance || !clock) {
    throw new AccountError(addresses.currency, "The RPC returned fewer accounts than were asked for: try another RPC");
  }
  return {
    addresses,
    currency: decodeExisting(CURRENCY, currency),
    standard: decodeExisting(STANDARD, standard),
    quorum: decodeExisting(QUORUM, quorum),
    book: decodeExisting(BOOK, book),
    pool: decodeExisting(POOL, pool),
    supply: minted.exists ? getMintDecoder().decode(minted.data).supply : 0n,
    revenue: heldBy(revenue),
    insurance: heldBy(insurance),
    now: timeOf(clock),
    slot,
  };
}

/** What a token account holds in base units; 0 where there is none. */
export const heldBy = (account: MaybeEncodedAccount): bigint => (account.exists ? getTokenDecoder().decode(account.data).amount : 0n);

/** The chain's time in Unix seconds, from the Clock sysvar. */
export function timeOf(clock: MaybeEncodedAccount): bigint {
  if (!clock.exists || clock.data.length < CLOCK_TIME_AT + 8) {
    throw new AccountError(clock.address, "The RPC does not return the chain's clock: try another RPC");
  }
  return getI64Decoder().decode(clock.data, CLOCK_TIME_AT);
}
