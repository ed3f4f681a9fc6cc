import { readTransaction, type SpecieEvent } from '@specie/sdk/events';
import { findChangePda } from '@specie/sdk/generated';
import { CHANGE_KINDS } from '@specie/sdk/quotes';
import type { Address, Signature } from '@solana/kit';
import type { SpecieRpc } from './client.ts';
import { COMMITMENT } from './snapshot.ts';

/** The quorum's price from a time on. */
export interface PostedPrice {
  /** Unix seconds. */
  readonly at: bigint;
  /** Base units of the collateral token for an SCU. */
  readonly price: bigint;
}

/** The Standard from a time on. */
export interface StandardSince {
  /** Unix seconds. */
  readonly at: bigint;
  /** TFLOP for an SCU. */
  readonly workPerScu: bigint;
}

/** Where a history begins: at the founding, or at what was looked at last; before that lies what the node no longer tells. */
export type Beginning = 'founding' | 'bound' | 'node';

/** What the chain tells of a currency's past. */
export interface History {
  /** Oldest first. */
  readonly prices: readonly PostedPrice[];
  readonly pricesFrom: Beginning;
  /** Oldest first. What held at the founding is the first, where the node tells it. */
  readonly standards: readonly StandardSince[];
  readonly standardsFrom: Beginning;
}

/** How many of the quorum's transactions are looked at, and how many changes: each is a request of its own. */
export const LOOK_BACK = { transactions: 48, changes: 24 } as const;

/** How many transactions are fetched at once: a public node refuses a flood. */
const AT_ONCE = 8;

export interface Dated {
  /** Unix seconds. */
  readonly at: bigint;
  readonly events: readonly SpecieEvent[];
}

export interface Found {
  readonly signature: Signature;
  readonly at: bigint;
}

export interface Listed {
  /** Those that did not fail, latest first. */
  readonly found: readonly Found[];
  /** Whether there may be more than were asked for. */
  readonly isCut: boolean;
}

/** An address's latest transactions, of which so many are looked at. */
export async function transactionsOf(rpc: SpecieRpc, address: Address, limit: number): Promise<Listed> {
  const listed = await rpc.getSignaturesForAddress(address, { limit, ...COMMITMENT }).send();
  const found = listed.filter(({ err }) => err === null).map(({ signature, blockTime }) => ({ signature, at: BigInt(blockTime ?? 0) }));
  return { found, isCut: listed.length >= limit };
}

export async function eventsOf(rpc: SpecieRpc, { signature, at }: Found): Promise<Dated> {
  const transaction = await rpc.getTransaction(signature, { encoding: 'json', maxSupportedTransactionVersion: 0, ...COMMITMENT }).send();
  return { at, events: transaction === null ? [] : readTransaction(transaction).events };
}

/** Does something for each, a few at once, in their order. */
export async function inTurns<T, R>(items: readonly T[], each: (item: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(each))));
  }
  return done;
}

const oldestFirst = <T extends { readonly at: bigint }>(points: readonly T[]): readonly T[] =>
  points.toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));

/** Which accounts the history is read from. */
export interface HistoryOf {
  readonly currency: Address;
  readonly quorum: Address;
  /** The number that the next change gets: all before it were scheduled once. */
  readonly nextChange: bigint;
}

/**
 * Reads prices from the quorum's transactions, which are few beside the Standard's: every purchase names that one. Rises of the
 * Standard are read change by change: each has an address of its own, whose transactions outlive its account.
 */
export async function readHistory(rpc: SpecieRpc, { currency, quorum, nextChange }: HistoryOf): Promise<History> {
  const { found, isCut } = await transactionsOf(rpc, quorum, LOOK_BACK.transactions);
  const read = await inTurns(found, (one) => eventsOf(rpc, one));
  const founding = read.flatMap(({ at, events }) =>
    events.flatMap((event) => (event.name === 'CurrencyCreated' ? [{ at, workPerScu: event.data.workPerScu }] : [])),
  );
  const prices = read.flatMap(({ events }) =>
    events.flatMap((event) => (event.name === 'PricePosted' ? [{ at: event.data.publishedAt, price: event.data.price }] : [])),
  );
  const first = nextChange > BigInt(LOOK_BACK.changes) ? nextChange - BigInt(LOOK_BACK.changes) : 0n;
  const numbers = Array.from({ length: Number(nextChange - first) }, (_, index) => first + BigInt(index));
  const changes = await inTurns(numbers, (index) => riseOf(rpc, currency, index));
  const isForgotten = changes.some((change) => change === 'forgotten');
  const rises = changes.filter((change) => change !== 'forgotten' && change !== undefined);
  const isWhole = founding.length > 0;
  return {
    prices: oldestFirst(prices),
    pricesFrom: isWhole ? 'founding' : isCut ? 'bound' : 'node',
    standards: oldestFirst([...(first === 0n && !isForgotten ? founding : []), ...rises]),
    standardsFrom: first > 0n ? 'bound' : isForgotten || !isWhole ? 'node' : 'founding',
  };
}

/** The Standard that a change brought; undefined where it brought none, or did not take effect. */
async function riseOf(rpc: SpecieRpc, currency: Address, index: bigint): Promise<StandardSince | 'forgotten' | undefined> {
  const [change] = await findChangePda({ currency, index });
  // Anybody can name the change in a transaction that fails, after it took effect, too.
  const [last] = (await transactionsOf(rpc, change, 16)).found;
  if (last === undefined) return 'forgotten';
  const { at, events } = await eventsOf(rpc, last);
  for (const event of events) {
    const isRise = event.name === 'ChangeExecuted' && event.data.change === change && CHANGE_KINDS[event.data.kind] === 'standard';
    if (isRise) return { at, workPerScu: event.data.workPerScu };
  }
  return undefined;
}
