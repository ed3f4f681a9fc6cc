import type { Currency, Standard, Vault } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../chain/snapshot.ts';
import { stressed } from './book.ts';

function vault(address: string, outstanding: bigint, collateral: bigint, open = 0n): Account<Vault> {
  return { address, data: { balances: { outstanding, open, collateral, withdrawing: 0n } } } as unknown as Account<Vault>;
}

function snapshot(vaults: readonly Account<Vault>[], insurance: bigint): Snapshot {
  const supply = vaults.reduce((sum, { data }) => sum + data.balances.outstanding, 0n);
  return {
    supply,
    book: { data: { owed: supply, defaulted: 0n } },
    insurance,
    vaults,
    currency: {
      data: { insuranceReserved: 0n, params: { liquidationPremiumMax: 1_000, insurancePerDefault: 5_000 } },
    } as unknown as Account<Currency>,
    standard: { data: { price: 2_000_000n } } as unknown as Account<Standard>,
  } as unknown as Snapshot;
}

describe('stress', () => {
  const books = snapshot([vault('large', 60_000_000n, 44_000_000n), vault('small', 40_000_000n, 100_000_000n)], 22_000_000n);

  it('buys back at the highest premium, with half of the insurance, and takes the rest from every token', () => {
    // 2.2 a unit of SCU: 44 and 11 buy 25 of 60 back; 35 of 100 are lost.
    const outcome = stressed(books, { priceBps: 10_000n, largestGone: true });
    expect(outcome.gone?.address).toBe('large');
    expect(outcome.bought).toBe(25_000_000n);
    expect(outcome.loss).toBe(35_000_000n);
    expect(outcome.backing).toEqual({ owed: 65_000_000n, tokens: 100_000_000n });
  });

  it('of a lower price loses less, and of the price alone nothing', () => {
    expect(stressed(books, { priceBps: 5_000n, largestGone: true }).loss).toBe(10_000_000n);
    const outcome = stressed(books, { priceBps: 20_000n, largestGone: false });
    expect(outcome.backing).toEqual({ owed: 100_000_000n, tokens: 100_000_000n });
    expect(outcome.collateralBps).toBe(3_600n);
  });
});
