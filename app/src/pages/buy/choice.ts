import { quotePurchase } from '@specie/sdk/quotes';
import type { Snapshot } from '../../chain/snapshot.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import type { Vendor } from '../../gateway/queries.ts';

/** The vendor that asks least for some tokens now, by the lower price where roundings make payments equal; where nobody sells them, the first. */
export function cheapest(snapshot: Snapshot, vendors: readonly Vendor[], tokens: bigint, now: bigint): Vendor | undefined {
  const priced = vendors.map((vendor) => {
    const sale = quotePurchase(vaultSnapshot(snapshot, vendor.vault, now), tokens === 0n ? 1_000_000n : tokens);
    return { vendor, payment: sale.ok ? sale.value.payment : undefined };
  });
  const best = priced.reduce<(typeof priced)[number] | undefined>((least, next) => {
    if (next.payment === undefined) return least;
    if (least?.payment === undefined || next.payment < least.payment) return next;
    return next.payment === least.payment && priceOf(next.vendor) < priceOf(least.vendor) ? next : least;
  }, undefined);
  return best?.vendor ?? vendors[0];
}

const priceOf = (vendor: Vendor): bigint => vendor.vault.data.offer.price;
