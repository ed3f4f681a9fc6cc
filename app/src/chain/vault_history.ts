import type { SpecieEvent } from '@specie/sdk/events';
import type { Address, Signature } from '@solana/kit';
import type { SpecieRpc } from './client.ts';
import { inTurns, transactionsOf, type Dated, type Found } from './history.ts';

/** Something that happened to a vault. */
export interface VaultEvent {
  /** Unix seconds. */
  readonly at: bigint;
  readonly signature: Signature;
  readonly event: SpecieEvent;
}

/** What the chain tells of a vault's past. */
export interface VaultHistory {
  /** Latest first. */
  readonly events: readonly VaultEvent[];
  /** Where it begins: at the vault's opening, at as many transactions as were asked for, or at what the node remembers. */
  readonly from: 'opening' | 'bound' | 'node';
}

/** How many of a vault's transactions are looked at first, and by how many more each time that somebody asks. */
export const VAULT_LOOK_BACK = 32;

/** The most signatures that a node lists in one answer. */
export const VAULT_LOOK_BACK_MAX = 1_000;

/** Reads what a vault's transactions did to it. `eventsOf` reads one of them; whoever calls may remember what it read. */
export async function readVaultHistory(
  rpc: SpecieRpc,
  vault: Address,
  transactions: number,
  eventsOf: (found: Found) => Promise<Dated>,
): Promise<VaultHistory> {
  const limit = Math.min(transactions, VAULT_LOOK_BACK_MAX);
  const { found, isCut } = await transactionsOf(rpc, vault, limit);
  const read = await inTurns(found, async (one) => ({ signature: one.signature, ...(await eventsOf(one)) }));
  const events = read.flatMap(({ at, signature, events: all }) =>
    all.filter(({ data }) => 'vault' in data && data.vault === vault).toReversed().map((event) => ({ at, signature, event })),
  );
  const isWhole = events.some(({ event }) => event.name === 'VaultOpened');
  return { events, from: isWhole ? 'opening' : isCut ? 'bound' : 'node' };
}
