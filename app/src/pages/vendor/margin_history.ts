import type { Balances } from '@specie/sdk/generated';
import { valueOf } from '@specie/sdk/quotes';
import type { PostedPrice } from '../../chain/history.ts';
import type { VaultEvent } from '../../chain/vault_history.ts';

/** How a vault's collateral stood to what it owed from a time on, in basis points; rounded down. */
export interface RatioSince {
  /** Unix seconds. */
  readonly at: bigint;
  readonly bps: bigint;
}

/** The vault's balances after an event; undefined where the event does not say them. */
export function balancesAfter({ event }: VaultEvent): Balances | undefined {
  return 'balances' in event.data ? event.data.balances : undefined;
}

/**
 * Collateral for the value of what was owed, at the price of the time: a point wherever the vault or the price moved. While nothing
 * was owed, or no price is known, there is no ratio.
 *
 * @param events latest first, as the history has them
 * @param prices oldest first
 */
export function ratios(events: readonly VaultEvent[], prices: readonly PostedPrice[]): readonly RatioSince[] {
  const moves = [
    ...events.toReversed().map((event) => ({ at: event.at, balances: balancesAfter(event), price: undefined })),
    ...prices.map(({ at, price }) => ({ at, balances: undefined, price })),
  ].toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
  let balances: Balances | undefined;
  let price: bigint | undefined;
  const points: RatioSince[] = [];
  for (const move of moves) {
    balances = move.balances ?? balances;
    price = move.price ?? price;
    if (balances === undefined || price === undefined) continue;
    const owed = valueOf(balances.outstanding + balances.open, price, 'up');
    if (owed > 0n) points.push({ at: move.at, bps: (balances.collateral * 10_000n) / owed });
  }
  return points;
}

/** The events that decide about a vault's margin, latest first. */
export function marginEvents(events: readonly VaultEvent[]): readonly VaultEvent[] {
  return events.filter(({ event }) => NAMES.has(event.name));
}

const NAMES: ReadonlySet<string> = new Set([
  'VaultOpened',
  'CapacityAttested',
  'AttestationVetoed',
  'CollateralDeposited',
  'WithdrawalRequested',
  'CollateralWithdrawn',
  'MarginCalled',
  'VaultSuspended',
  'VaultReinstated',
  'VaultDefaulted',
  'Liquidated',
  'Compensated',
]);
