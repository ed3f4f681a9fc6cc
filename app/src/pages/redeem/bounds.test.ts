import type { Snapshot } from '@specie/sdk/quotes';
import { quoteRedeem } from '@specie/sdk/quotes';
import { describe, expect, it } from 'vitest';
import { leastToRedeem, redeemable } from './bounds.ts';

/** What decides about a redemption, at a backing in parts per 10⁹. */
function at(backing: bigint): Snapshot {
  return {
    currency: { backing, params: { minVoucherUnits: 1_000n, voucherTtl: 86_400 } },
    standard: { workPerScu: 3_600_000n },
    vault: { classes: 2, vouchers: 0n, balances: { outstanding: 5_000_001n, open: 0n, openWork: 0n }, liquidation: { shortage: 0n } },
    now: 1_000n,
  } as unknown as Snapshot;
}

describe('what can be redeemed', () => {
  it.each([1_000_000_000n, 999_999_999n, 333_333_333n])('is bounded to the unit, at a backing of %d', (backing) => {
    const [least, most] = [leastToRedeem(at(backing)), redeemable(at(backing), 'inference')];
    expect(quoteRedeem(at(backing), least, 'inference').ok).toBe(true);
    expect(quoteRedeem(at(backing), least - 1n, 'inference')).toMatchObject({ refusal: { reason: 'VoucherBelowMinimum' } });
    expect(quoteRedeem(at(backing), most, 'inference').ok).toBe(true);
    // A token more may still come to the same units, rounded down.
    expect(quoteRedeem(at(backing), most + 4n, 'inference')).toMatchObject({ refusal: { reason: 'OutstandingExceeded' } });
  });

  it('is nothing of a class that the vault does not offer', () => {
    expect(redeemable(at(1_000_000_000n), 'training')).toBe(0n);
  });
});
