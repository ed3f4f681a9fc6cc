import { UNITS_PER_SCU, unitsOf } from '@specie/sdk/quotes';
import type { Discovery } from '@specie/sdk/gateway';
import type { Backing } from '@specie/sdk/generated';

/** What one coin is good for at a vendor, in one kind of consumption; rounded down. */
export interface Worth {
  readonly id: string;
  readonly kind: 'input' | 'output' | 'seconds';
  /** Tokens, or seconds of one accelerator. */
  readonly amount: bigint;
}

/** What one coin buys of each thing that a gateway has a price for, at the currency's backing. */
export function worthOfCoin(offer: Discovery, backing: Backing): readonly Worth[] {
  const units = unitsOf(UNITS_PER_SCU, backing, 'down');
  const models = offer.models.flatMap(({ id, tariff }): Worth[] => [
    ...(tariff.inputUnitsPer1000 === 0n
      ? []
      : [{ id, kind: 'input' as const, amount: (units * 1_000n) / tariff.inputUnitsPer1000 }]),
    ...(tariff.outputUnitsPer1000 === 0n
      ? []
      : [{ id, kind: 'output' as const, amount: (units * 1_000n) / tariff.outputUnitsPer1000 }]),
    ...(tariff.unitsPerSecond === 0n ? [] : [{ id, kind: 'seconds' as const, amount: units / tariff.unitsPerSecond }]),
  ]);
  const pools = offer.pools.flatMap(({ id, unitsPerSecond }): Worth[] =>
    unitsPerSecond === 0n ? [] : [{ id, kind: 'seconds', amount: units / unitsPerSecond }],
  );
  return [...models, ...pools];
}
