import type { Balances } from '@specie/sdk/generated';
import type { SpecieEvent } from '@specie/sdk/events';
import type { Signature } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { marginEvents, ratios } from './margin_history.ts';

const SCU = 1_000_000n;

const eventAt = (at: bigint, name: string, balances?: Partial<Balances>): VaultEvent => ({
  at,
  signature: '' as Signature,
  event: { name, data: balances === undefined ? {} : { balances: { outstanding: 0n, open: 0n, collateral: 0n, ...balances } } } as unknown as SpecieEvent,
});

describe('a vault’s collateral ratio over time', () => {
  it('moves with what the vault holds and owes, and with the price', () => {
    const events = [
      eventAt(40n, 'Redeemed', { outstanding: 6n * SCU, open: 4n * SCU, collateral: 10n * SCU }),
      eventAt(20n, 'Issued', { outstanding: 10n * SCU, collateral: 10n * SCU }),
    ];
    const prices = [
      { at: 10n, price: 2n * SCU },
      { at: 30n, price: 4n * SCU },
    ];
    expect(ratios(events, prices)).toEqual([
      { at: 20n, bps: 5_000n },
      { at: 30n, bps: 2_500n },
      { at: 40n, bps: 2_500n },
    ]);
  });

  it('is unknown before the first price, and where nothing is owed', () => {
    const held = eventAt(20n, 'CollateralDeposited', { collateral: 10n * SCU });
    const owing = eventAt(5n, 'Issued', { outstanding: SCU, collateral: 10n * SCU });
    expect(ratios([owing], [])).toEqual([]);
    expect(ratios([held], [{ at: 10n, price: SCU }])).toEqual([]);
    expect(ratios([owing], [{ at: 10n, price: 3n * SCU }])).toEqual([{ at: 10n, bps: 33_333n }]);
  });

  it('takes the events of one time in their order', () => {
    // Latest first, as the history has them.
    const events = [eventAt(20n, 'Issued', { outstanding: 2n * SCU, collateral: SCU }), eventAt(20n, 'CollateralDeposited', { collateral: SCU })];
    expect(ratios(events, [{ at: 10n, price: SCU }])).toEqual([{ at: 20n, bps: 5_000n }]);
  });
});

describe('what decides about a vault’s margin', () => {
  it('is what moves capacity, collateral or standing, and not every sale', () => {
    const events = ['MarginCalled', 'Purchased', 'CapacityAttested', 'Settled', 'VaultSuspended'].map((name) => eventAt(1n, name));
    expect(marginEvents(events).map(({ event }) => event.name)).toEqual(['MarginCalled', 'CapacityAttested', 'VaultSuspended']);
  });
});
