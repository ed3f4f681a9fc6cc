import { AccountError, fetchCurrencyState, findVaults, type CurrencyState } from '@specie/sdk/accounts';
import type { Backing, Vault } from '@specie/sdk/generated';
import { backingOf } from '@specie/sdk/quotes';
import type { Account, Address } from '@solana/kit';
import type { SpecieRpc } from './client.ts';

/** How far what is read must have come: what a vote of the cluster has confirmed. */
export const COMMITMENT = { commitment: 'confirmed' } as const;

/** A currency, and all that the page computes from it, read at one slot; vaults at another slot, close to it. */
export interface Snapshot extends CurrencyState {
  /** By address, so that their order never jumps. */
  readonly vaults: readonly Account<Vault>[];
}

/** What a token is backed by. */
export const backingIn = ({ book, supply }: CurrencyState): Backing => backingOf({ book: book.data, supply });

/** The mint that the page is configured for has no currency on this cluster. */
export class NoCurrencyError extends Error {
  override readonly name = 'NoCurrencyError';
  constructor(
    readonly mint: Address,
    cause: unknown,
  ) {
    super(`no currency of the mint ${mint} is on this cluster`, { cause });
  }
}

/** Accounts in the order of their addresses. */
export function byAddress<T extends { readonly address: Address }>(accounts: readonly T[]): readonly T[] {
  return accounts.toSorted((left, right) => (left.address < right.address ? -1 : 1));
}

export async function readSnapshot(rpc: SpecieRpc, mint: Address): Promise<Snapshot> {
  const state = await fetchCurrencyState(rpc, mint, COMMITMENT).catch((error: unknown) => {
    throw error instanceof AccountError ? new NoCurrencyError(mint, error) : error;
  });
  return { ...state, vaults: byAddress(await findVaults(rpc, state.currency.address, COMMITMENT)) };
}
