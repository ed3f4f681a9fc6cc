import { purchaseHeadroom, vaultHealth, type Health, type Quote, type Snapshot as QuoteSnapshot, type VaultSnapshot } from '@specie/sdk/quotes';
import type { Vault } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import type { Snapshot } from './snapshot.ts';

/** A vault with what decides about it, at a time: what every quote is made from. */
export function vaultSnapshot(snapshot: Snapshot, vault: Account<Vault>, now: bigint = snapshot.now): QuoteSnapshot {
  const { currency, standard, book, supply } = snapshot;
  return { currency: currency.data, standard: standard.data, book: book.data, supply, vault: vault.data, now };
}

/** A vault's health; undefined where its numbers are beyond what can be reckoned with. */
export function healthOf(snapshot: VaultSnapshot): Health | undefined {
  const health = vaultHealth(snapshot);
  return health.ok ? health.value : undefined;
}

/** The most that may be bought of a vault now, in base units of the token. */
export function buyableOf(snapshot: QuoteSnapshot): Quote<bigint> {
  return purchaseHeadroom(snapshot);
}
