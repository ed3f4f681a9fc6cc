import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../chain/snapshot.ts';
import type { Vendor } from '../../gateway/queries.ts';
import { chooseVendor } from './choice.ts';

/** A vendor that can open any voucher, and whose gateway serves models and pools of these classes. */
function vendor(address: string, models: readonly string[], pools: readonly string[]): Vendor {
  return {
    vault: {
      address,
      data: {
        classes: 7,
        assessments: 0,
        attested: { rate: 1n, attestedAt: 0n, endsAt: 100n },
        pending: { effectiveAt: 0n },
        vouchers: 0n,
        balances: { outstanding: 10_000_000n, open: 0n, openWork: 0n, collateral: 0n },
        liquidation: { shortage: 0n },
      },
    },
    gateway: {
      state: 'own',
      offer: {
        models: models.map((name) => ({ class: name, tariff: { outputUnitsPer1000: 1n } })),
        pools: pools.map((name) => ({ class: name, unitsPerSecond: 1n })),
      },
    },
  } as unknown as Vendor;
}

const snapshot = {
  currency: { data: { pausedUntil: 0n, params: { minVoucherUnits: 1_000n, voucherTtl: 86_400, attestationTtl: 1_000 } } },
  standard: { data: { workPerScu: 3_600_000n, price: 1_000_000n, announced: 0n } },
  book: { data: { owed: 1n, defaulted: 0n } },
  supply: 1n,
} as unknown as Snapshot;

describe('where to redeem', () => {
  const chats = vendor('chats', ['inference'], []);
  const leases = vendor('leases', [], ['training']);

  it('is where the gateway serves the class', () => {
    expect(chooseVendor(snapshot, [chats, leases], 1_000_000n, 'training', 1n)).toMatchObject({ vendor: leases, reason: 'in-service' });
    expect(chooseVendor(snapshot, [chats, leases], 1_000_000n, 'inference', 1n)).toMatchObject({ vendor: chats, reason: 'in-service' });
  });

  it('is not called in service where no gateway serves the class', () => {
    expect(chooseVendor(snapshot, [chats, leases], 1_000_000n, 'fine-tuning', 1n)?.reason).not.toBe('in-service');
  });
});
