import type { Balances, SettledReceipt } from '@specie/sdk/generated';
import type { SpecieEvent } from '@specie/sdk/events';
import type { Address, Signature } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { settlementsOf } from './settlements.ts';

const receipts: SettledReceipt[] = [{ voucher: 'voucher' as Address, settled: 7n }];

const eventOf = (name: string, delivered?: bigint): VaultEvent => ({
  at: 1n,
  signature: name as Signature,
  event: { name, data: { receipts, ...(delivered === undefined ? {} : { balances: { delivered } as Balances }) } } as unknown as SpecieEvent,
});

describe('a vault’s settlements', () => {
  it('say what each one added to what was served', () => {
    const events = [eventOf('Settled', 12n), eventOf('Purchased', 7n), eventOf('Settled', 7n), eventOf('VaultUpdated'), eventOf('VaultOpened')];
    expect(settlementsOf(events).map(({ added, delivered }) => [added, delivered])).toEqual([
      [5n, 12n],
      [7n, 7n],
    ]);
  });

  it('do not guess what came before the part of the past that is in sight', () => {
    expect(settlementsOf([eventOf('Settled', 12n)]).map(({ added, delivered }) => [added, delivered])).toEqual([[undefined, 12n]]);
  });
});
