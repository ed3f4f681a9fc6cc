import type { Snapshot } from '@specie/sdk/quotes';
import { quoteRedeem } from '@specie/sdk/quotes';
import { describe, expect, it } from 'vitest';
import { leastToRedeem, redeemable } from './bounds.ts';

/** What decides about a redemption, where so much is owed for so many tokens. */
function at([owed, supply]: readonly [bigint, bigint]): Snapshot {
  return {
    currency: { params: { minVoucherUnits: 1_000n, voucherTtl: 86_400 } },
    standard: { workPerScu: 3_600_000n },
    vault: { assessments: 0, classes: 2, vouchers: 0n, balances: { outstanding: 5_000_001n, open: 0n, openWork: 0n }, liquidation: { shortage: 0n } },
    book: { owed, defaulted: 0n },
    supply,
    now: 1_000n,
  } as unknown as Snapshot;
}

describe('what can be redeemed', () => {
  it.each([
    [1n, 1n],
    [999_999_999n, 1_000_000_000n],
    [333_333_333n, 1_000_000_000n],
  ] as const)('is bounded to the unit, where %d units are owed for %d tokens', (...backing) => {
    const [least, most] = [leastToRedeem(at(backing)), redeemable(at(backing), 'inference')];
    expect(quoteRedeem(at(backing), least, 'inference').ok).toBe(true);
    expect(quoteRedeem(at(backing), least - 1n, 'inference')).toMatchObject({ refusal: { reason: 'VoucherBelowMinimum' } });
    expect(quoteRedeem(at(backing), most, 'inference').ok).toBe(true);
    // A token more may still come to the same units, rounded down.
    expect(quoteRedeem(at(backing), most + 4n, 'inference')).toMatchObject({ refusal: { reason: 'OutstandingExceeded' } });
  });

  it('is nothing of a class that the vault does not offer', () => {
    expect(redeemable(at([1n, 1n]), 'training')).toBe(0n);
  });
});
