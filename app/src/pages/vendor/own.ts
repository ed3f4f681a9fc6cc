import { createNoopSigner, type Address } from '@solana/kit';
import type { Vault } from '@specie/sdk/generated';
import type { Snapshot as VaultSnapshot } from '@specie/sdk/quotes';
import { vaultSnapshot } from '../../chain/views.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import type { Vendor } from '../../gateway/queries.ts';

/** A vault, and what decides about it. */
export interface OwnProps {
  readonly vendor: Vendor;
  readonly snapshot: Snapshot;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
}

/** What a wallet is to a vault. */
export interface Roles {
  readonly isVendor: boolean;
  /** The vault is being handed to it. */
  readonly isHeir: boolean;
  /** It settles, declines and answers. */
  readonly isOperator: boolean;
}

export function rolesOf({ vendor, pendingVendor, operator }: Vault, wallet: Address): Roles {
  return { isVendor: vendor === wallet, isHeir: pendingVendor === wallet && vendor !== wallet, isOperator: operator === wallet };
}

/** What every plan of the vault's vendor names. */
export const ownVault = ({ vendor, snapshot }: OwnProps) => ({
  currency: snapshot.currency,
  vault: vendor.vault,
  vendor: createNoopSigner(vendor.vault.data.vendor),
});

/** The vault as it would stand with other balances: what the numbers behind a refusal are computed from. */
export function withBalances({ vendor, snapshot, now }: OwnProps, balances: Partial<Vault['balances']>): VaultSnapshot {
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  return { ...at, vault: { ...at.vault, balances: { ...at.vault.balances, ...balances } } };
}
