import { describe, expect, it } from 'vitest';
import { farFrom, shareOut } from './sale.ts';

describe('a price that a vendor asks', () => {
  it('is far from the posted one where a digit slipped', () => {
    expect(farFrom(220_000n, 2_200_000n)).toBe(-9_000n);
    expect(farFrom(22_000_000n, 2_200_000n)).toBe(90_000n);
  });

  it('is near it within a quarter, and where there is nothing to compare', () => {
    expect(farFrom(2_750_000n, 2_200_000n)).toBeUndefined();
    expect(farFrom(1_650_000n, 2_200_000n)).toBeUndefined();
    expect(farFrom(0n, 2_200_000n)).toBeUndefined();
    expect(farFrom(2_200_000n, 0n)).toBeUndefined();
  });

  it('is shared out to its last unit', () => {
    expect(shareOut(2_200_001n, 2_500n, 30n)).toEqual({ fee: 6_601n, retained: 550_001n, payout: 1_643_399n });
  });
});
