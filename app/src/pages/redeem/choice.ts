import { classesOf, quoteRedeem, type Class } from '@specie/sdk/quotes';
import type { Snapshot } from '../../chain/snapshot.ts';
import { healthOf, vaultSnapshot } from '../../chain/views.ts';
import type { Vendor } from '../../gateway/queries.ts';

/** Why a vendor was chosen. */
export type Reason = 'cheapest' | 'in-service' | 'best-covered' | 'only-one' | 'none';

export interface Choice {
  readonly vendor: Vendor;
  readonly reason: Reason;
}

/** Units of a thousand tokens written by a vendor's cheapest model; undefined where its tariffs are not known. */
function outputPrice({ gateway }: Vendor): bigint | undefined {
  if (gateway.state !== 'own') return undefined;
  return gateway.offer.models.reduce<bigint | undefined>(
    (least, { tariff }) => (least === undefined || tariff.outputUnitsPer1000 < least ? tariff.outputUnitsPer1000 : least),
    undefined,
  );
}

/** Units of a second of one accelerator in a vendor's cheapest pool of a class. */
function secondPrice({ gateway }: Vendor, wanted: Class): bigint | undefined {
  if (gateway.state !== 'own') return undefined;
  return gateway.offer.pools
    .filter((pool) => pool.class === wanted)
    .reduce<bigint | undefined>((least, { unitsPerSecond }) => (least === undefined || unitsPerSecond < least ? unitsPerSecond : least), undefined);
}

/** Whether a vendor's gateway serves anything of a class. */
function serves({ gateway }: Vendor, wanted: Class): boolean {
  if (gateway.state !== 'own') return false;
  const { models, pools } = gateway.offer;
  return models.some((model) => model.class === wanted) || pools.some((pool) => pool.class === wanted);
}

/** The one vendor with the least of something, if it is one alone. */
function least(vendors: readonly Vendor[], of: (vendor: Vendor) => bigint | undefined): Vendor | undefined {
  const priced = vendors.flatMap((vendor) => {
    const price = of(vendor);
    return price === undefined ? [] : [{ vendor, price }];
  });
  const lowest = priced.reduce<bigint | undefined>((low, { price }) => (low === undefined || price < low ? price : low), undefined);
  const best = priced.filter(({ price }) => price === lowest);
  return best.length === 1 ? best[0]?.vendor : undefined;
}

/**
 * Chooses where to redeem: among those that can open the voucher, first those whose gateway serves the class, then the cheapest by
 * their tariffs, then the best covered.
 */
export function chooseVendor(snapshot: Snapshot, vendors: readonly Vendor[], tokens: bigint, wanted: Class, now: bigint): Choice | undefined {
  const able = vendors.filter(({ vault }) => quoteRedeem(vaultSnapshot(snapshot, vault, now), tokens, wanted).ok);
  const serving = able.filter((vendor) => serves(vendor, wanted));
  const candidates = serving.length > 0 ? serving : able;
  const [first] = candidates;
  if (first === undefined) return vendors[0] === undefined ? undefined : { vendor: vendors[0], reason: 'none' };
  if (able.length === 1) return { vendor: first, reason: 'only-one' };
  if (candidates.length === 1) return { vendor: first, reason: 'in-service' };
  const cheapest = least(candidates, (vendor) => (wanted === 'inference' ? outputPrice(vendor) : secondPrice(vendor, wanted)));
  if (cheapest !== undefined) return { vendor: cheapest, reason: 'cheapest' };
  const coverage = ({ vault }: Vendor): bigint => healthOf(vaultSnapshot(snapshot, vault, now))?.coverageBps ?? 0n;
  const covered = candidates.reduce((best, vendor) => (coverage(vendor) > coverage(best) ? vendor : best), first);
  return { vendor: covered, reason: 'best-covered' };
}

/** The classes that anybody offers, in the program's order. */
export function offeredClasses(vendors: readonly Vendor[]): readonly Class[] {
  return classesOf(vendors.reduce((all, { vault }) => all | vault.data.classes, 0));
}
